"""`Authorization: Bearer <run token>`: the JWT that the poll of a paid payment hands out."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from billing import run_tokens
from billing.models import CreditLot, Payment

API_TOKEN_PREFIX = b"fmu_"


@dataclass(frozen=True)
class RunToken:
    """A valid token's payment and the lot that holds its run. The rows decide what it is still worth, not the JWT."""

    payment: Payment
    entitlement: CreditLot

    @property
    def spent(self) -> bool:
        """Whether its run is under way or done (a failed run gives it back)."""
        return self.entitlement.remaining == 0


class RunTokenAuthentication(BaseAuthentication):
    """Leaves request.user anonymous and sets request.auth to a RunToken. Judges every bearer that is no API token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, RunToken] | None:
        scheme, _, credential = get_authorization_header(request).partition(b" ")
        token = credential.strip()
        if scheme.lower() != b"bearer" or token.startswith(API_TOKEN_PREFIX):
            return None
        return AnonymousUser(), _redeem(token)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="run"'


def _redeem(token: bytes) -> RunToken:
    try:
        claims = run_tokens.read(token)
    except run_tokens.Expired as error:
        raise AuthenticationFailed(
            "This run token has expired: poll the payment's status_url with its claim secret for a new one.",
            "run_token_expired",
        ) from error
    except run_tokens.Invalid as error:
        raise _invalid() from error
    lot = (
        CreditLot.objects.select_related("payment")
        .filter(public_id=claims.entitlement, payment__public_id=claims.payment)
        .first()
    )
    if lot is None or lot.payment is None:
        raise _invalid()
    return RunToken(payment=lot.payment, entitlement=lot)


def _invalid() -> AuthenticationFailed:
    return AuthenticationFailed(
        "This bearer credential is neither an API token of this site nor one of its run tokens. "
        "A claim_secret is for its payment's status_url, which answers with the run token.",
        "run_token_invalid",
    )
