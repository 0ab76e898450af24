"""Open a payment: the row, then the Checkout Session, then the answer 402 that asks for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing import checkout, claims, ownership
from billing.balances import debt
from billing.closing import close
from billing.errors import AccountBlocked, AlreadySubscribed, NothingToPay, PaymentRequired, SellingDisabled
from billing.models import CreditLot, Payment, PaymentStatus
from billing.prices import Price, money, price_list, price_of
from billing.stripe_api import configured, stripe_errors_as_unavailable
from billing.subscriptions import has_subscription

log = logging.getLogger(__name__)

_NEXT_STEP = (
    "Hand `checkout_url` to a person; paying starts the run. "
    "Meanwhile poll `payment.status_url` with `Authorization: Bearer <payment.claim_secret>`."
)


@dataclass(frozen=True)
class OpenedPayment:
    """claim_secret is known only here and to whoever asked; the row keeps its hash."""

    payment: Payment
    claim_secret: str
    checkout_url: str


def open_payment(*, product: str, user: User | None = None, simulation: str | None = None) -> OpenedPayment:
    """A new payment with a Checkout Session that waits for a card. Call it outside a transaction.

    Older open payments for the same thing are closed, so that a double click or a second tab pays once.
    Raises KeyError, NothingToPay, SellingDisabled, AlreadySubscribed, AccountBlocked, StripeUnavailable:
    nothing is kept then.
    """
    price = price_of(product)
    _refuse(price, user)
    secret = claims.new_secret()
    payment = Payment.objects.create(
        user=user,
        simulation=simulation or "",
        product=price.key,
        runs=price.runs,
        amount=price.amount,
        currency=price.currency,
        livemode=settings.STRIPE_LIVE_MODE,
        claim_hash=claims.hash_of(secret),
    )
    try:
        _open_checkout(payment, price)
    except Exception:
        payment.delete()
        raise
    _close_older(payment)
    return OpenedPayment(payment, secret, payment.checkout_url)


def reopen(payment: Payment) -> str:
    """A fresh Checkout Session for a payment whose last one closed unpaid; answers its address. Raises as open_payment.

    "" when it was not closed, another tab was faster, or its run does not wait for money any more.
    """
    if not is_wanted(payment):
        return ""
    price = price_of(payment.product)
    _refuse(price, payment.user)
    closed = Payment.objects.filter(pk=payment.pk, status=PaymentStatus.EXPIRED)
    if not closed.update(status=PaymentStatus.OPEN, attempt=F("attempt") + 1):
        return ""
    payment.refresh_from_db()
    try:
        _open_checkout(payment, price)
    except Exception:
        Payment.objects.filter(pk=payment.pk, status=PaymentStatus.OPEN).update(status=PaymentStatus.EXPIRED)
        raise
    close(_others(payment))
    return payment.checkout_url


def is_wanted(payment: Payment) -> bool:
    """Whether paying it would buy anything that is still to be had, for somebody who is still there."""
    if payment.user is not None and not payment.user.is_active:
        return False
    return not payment.simulation or ownership.awaits_payment(payment.simulation)


def adopt(simulations: Iterable[str], user: User) -> None:
    """A guest's payments for these simulations are the account's: what a failed run hands back, it can use.

    Whoever writes one of them at this moment reads it anew: its version is another one.
    """
    with transaction.atomic():
        mine = Payment.objects.select_for_update().filter(user=None, product="single_run", simulation__in=simulations)
        keys = list(mine.values_list("pk", flat=True))
        Payment.objects.filter(pk__in=keys).update(user=user, version=F("version") + 1)
        CreditLot.objects.filter(payment__in=keys).update(user=user)


def note_opened(payment_id: str) -> None:
    """Somebody is being led to Checkout; the first time counts."""
    Payment.objects.filter(public_id=payment_id, opened_at=None).update(opened_at=timezone.now())


def payment_required(*, simulation: str | None, user: User | None) -> PaymentRequired:
    """The 402 to raise: one run's payment, opened. Call it outside a transaction: it talks to Stripe."""
    opened = open_payment(product="single_run", user=user, simulation=simulation)
    payment = opened.payment
    return PaymentRequired(
        f"One run costs {money(payment.amount, payment.currency)}. {_NEXT_STEP}",
        extra={
            "amount": payment.amount,
            "currency": payment.currency,
            "checkout_url": opened.checkout_url,
            "simulation": simulation,
            "payment": payment_body(opened),
            "options": options(),
        },
        headers={"Link": f'<{pay_url(payment)}>; rel="payment"', "Cache-Control": "no-store"},
    )


def payment_body(opened: OpenedPayment) -> dict[str, Any]:
    """`payment` of a 402 (`OpenPayment` in the contract), with the claim secret."""
    payment = opened.payment
    return {
        "id": payment.public_id,
        "url": pay_url(payment),
        "status_url": f"{settings.SITE_URL}{reverse('payment', args=[payment.public_id])}",
        "claim_secret": opened.claim_secret,
        "expires_at": payment.expires_at.isoformat().replace("+00:00", "Z") if payment.expires_at else None,
    }


def options() -> list[dict[str, Any]]:
    """What else one can buy, for programs."""
    return [
        {"product": price.key, "amount": price.amount, "runs": price.runs}
        | ({"interval": price.interval} if price.interval else {})
        for price in price_list()
    ]


def pay_url(payment: Payment) -> str:
    """The short link that a chat can carry."""
    return f"{settings.SITE_URL}{reverse('pay', args=[payment.public_id])}"


def _refuse(price: Price, user: User | None) -> None:
    if not settings.STRIPE_ENABLED:
        raise NothingToPay
    if not configured():
        raise SellingDisabled
    if user is None:
        return
    if price.monthly and has_subscription(user):
        raise AlreadySubscribed
    if (owed := debt(user)) >= price.runs:
        raise AccountBlocked(
            f"This account owes {owed} runs of a refunded or disputed purchase, which {price.name} would not settle. "
            f"Write to {settings.SUPPORT_EMAIL}."
        )


def _open_checkout(payment: Payment, price: Price) -> None:
    with stripe_errors_as_unavailable("open checkout"):
        session = checkout.create_session(payment, price)
    payment.checkout_session = session.id
    payment.checkout_url = session.url or ""
    # Stripe's price is what the card will be asked for; our list may be a minute behind it.
    payment.amount = session.amount_subtotal or 0
    payment.expires_at = datetime.fromtimestamp(session.expires_at, UTC)
    payment.save(update_fields=["checkout_session", "checkout_url", "amount", "expires_at"])
    log.info("payment=%s product=%s checkout_session=%s", payment.public_id, payment.product, session.id)


def _close_older(payment: Payment) -> None:
    """The newest stays. One that was opened later may have its session first; then this one is the older."""
    others = _others(payment)
    close(others.filter(pk__lt=payment.pk))
    if others.filter(pk__gt=payment.pk).exists():
        close([payment])


def _others(payment: Payment) -> QuerySet[Payment]:
    """Open payments for the same thing: one for one simulation, and one for an account's pack or plan."""
    others = Payment.objects.filter(status=PaymentStatus.OPEN, livemode=payment.livemode).exclude(pk=payment.pk)
    if payment.simulation:
        return others.filter(simulation=payment.simulation)
    if payment.user is not None and payment.product != "single_run":
        return others.filter(user=payment.user, product=payment.product, simulation="")
    return others.none()
