"""What can go wrong with money. APIExceptions know their HTTP status; OutOfCredit becomes a 402 through payments."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException


class OutOfCredit(Exception):
    """No run left: for this account, or on this payment."""


class HoldEnded(Exception):
    """A reference whose hold was captured or released cannot be held again; a new run needs a new reference."""


class AccountBlocked(APIException):
    """The account owes runs, or its runs are frozen by a dispute."""

    status_code = 403
    default_code = "account_blocked"


class StripeUnavailable(APIException):
    """Stripe did not answer, or not as it should. Nothing was kept."""

    status_code = 503
    default_code = "stripe_unavailable"
    default_detail = (
        "Stripe does not answer at the moment. Nothing was charged and nothing was kept: try again in a minute."
    )
    headers = {"Retry-After": "30"}


class SellingDisabled(APIException):
    """No key and no stand-in: there is nobody to take the money."""

    status_code = 503
    default_code = "payments_not_configured"
    default_detail = "This site cannot take payments yet: its operator has to set STRIPE_SECRET_KEY first."


class NothingToPay(APIException):
    """With STRIPE_ENABLED=False every run is free; or this one has its credit, has ended, or is gone."""

    status_code = 409
    default_code = "nothing_to_pay"
    default_detail = "Every run is free on this site: send your simulation without paying."


class AlreadySubscribed(APIException):
    """One Enterprise Pilot an account."""

    status_code = 409
    default_code = "already_subscribed"
    default_detail = "This account has the Enterprise Pilot already. Change or cancel it in the billing portal."


class InviteRefused(APIException):
    """The invite code is unknown, over, used up, or used by this account already."""

    status_code = 422
    default_code = "invite_refused"


class PaymentRequired(APIException):
    """402 with everything that is needed to pay; docs/launch/402.md walks through it."""

    status_code = 402
    default_code = "payment_required"

    def __init__(self, detail: str, *, extra: dict[str, Any], headers: dict[str, str]) -> None:
        super().__init__(detail)
        self.extra = extra
        self.headers = headers


class FactsDisagree(Exception):
    """Stripe's amount, currency or mode is not what we asked for. Nothing is granted until somebody has looked."""


class UnknownPayment(Exception):
    """Stripe tells of a purchase in our name that we have no row for."""


class Stale(Exception):
    """Stripe's facts were read before somebody else wrote newer ones: read them again."""
