"""What time does to money: runs lapse, unused payments go back, lost news is fetched. May run twice at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import stripe
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from djstripe.models import Event

from billing import reconcile
from billing.events import ACTIONS
from billing.models import CreditLot, Frozen, LotSource, Payment, PaymentStatus
from billing.signals import payment_settled
from billing.stripe_api import client
from billing.stripe_keys import forget_old_keys
from billing.takebacks import expire_due, freeze

log = logging.getLogger(__name__)

STALE = timedelta(minutes=10)


@dataclass(frozen=True)
class Swept:
    """What a sweep did. failed: things that Stripe, or our rows, made impossible for now."""

    lapsed: int
    replayed: int
    looked_at: int
    returned: int
    told_again: int
    failed: int


def sweep(*, days: int) -> Swept:
    """Everything that is due, with Stripe's events of the last `days`. Raises stripe.StripeError when it is down."""
    forget_old_keys()
    replayed = _each(_missed_events(days), _replay)
    looked_at = _each(_stale_payments(), _look_again)
    returned = _each(_unused_lots(), _return_unused)
    return Swept(
        lapsed=expire_due(),
        replayed=replayed.done,
        looked_at=looked_at.done,
        returned=returned.done,
        told_again=_tell_again(),
        failed=replayed.failed + looked_at.failed + returned.failed,
    )


@dataclass(frozen=True)
class _Tally:
    done: int
    failed: int


def _each[T](things: list[T], act: Callable[[T], None]) -> _Tally:
    """One thing that fails does not stop the others."""
    failed = 0
    for thing in things:
        try:
            act(thing)
        except Exception:  # whatever it is: the others are somebody else's money
            log.exception("sweep: %s failed for %s", act.__name__, thing)
            failed += 1
    return _Tally(done=len(things) - failed, failed=failed)


def _missed_events(days: int) -> list[stripe.Event]:
    """Events of Stripe that never reached us, oldest first."""
    since = int((timezone.now() - timedelta(days=days)).timestamp())
    asked = client().v1.events.list({"types": list(ACTIONS), "created": {"gte": since}, "limit": 100})
    events = list(asked.auto_paging_iter())[::-1]
    known = set(Event.objects.filter(id__in=[event.id for event in events]).values_list("id", flat=True))
    return [event for event in events if event.id not in known]


def _replay(event: stripe.Event) -> None:
    """As if its webhook had arrived now: dj-stripe stores it and calls our receivers."""
    Event.process(event.to_dict(for_json=True), api_key=settings.STRIPE_SECRET_KEY)


def _stale_payments() -> list[Payment]:
    """Payments that should have heard from Stripe by now."""
    now = timezone.now()
    overdue = Q(status=PaymentStatus.OPEN, expires_at__lt=now) | Q(status=PaymentStatus.PROCESSING)
    forgotten = Q(status=PaymentStatus.OPEN, expires_at=None)
    mine = Payment.objects.filter(livemode=settings.STRIPE_LIVE_MODE, created_at__lt=now - STALE)
    return list(mine.filter(overdue | forgotten))


def _look_again(payment: Payment) -> None:
    if payment.checkout_session is None:
        # The process died between our row and Stripe's session: nobody ever saw its address.
        Payment.objects.filter(pk=payment.pk, status=PaymentStatus.OPEN).update(status=PaymentStatus.EXPIRED)
    else:
        reconcile.reconcile_session(payment.checkout_session)


def _unused_lots() -> list[CreditLot]:
    """Paid single runs that nobody used in time, and refunds that were begun and not finished."""
    age = timezone.now() - timedelta(days=settings.UNUSED_PAYMENT_REFUND_DAYS)
    single = CreditLot.objects.filter(source=LotSource.SINGLE_RUN, livemode=settings.STRIPE_LIVE_MODE)
    unused = Q(frozen=Frozen.NO, remaining=1, payment__paid_at__lt=age)
    half_done = Q(frozen=Frozen.REFUND)
    return list(single.filter(unused | half_done).exclude(payment__payment_intent="").select_related("payment"))


def _return_unused(lot: CreditLot) -> None:
    """A run may have taken it since we looked; a refund that was begun is finished."""
    begun = lot.frozen == Frozen.REFUND
    if lot.payment is not None and (begun or freeze(lot, Frozen.REFUND, if_unused=True)):
        reconcile.give_money_back(lot.payment)


def _tell_again() -> int:
    """Paid payments whose simulation may not have heard of it."""
    waiting = Payment.objects.filter(
        status=PaymentStatus.PAID, livemode=settings.STRIPE_LIVE_MODE, paid_at__gt=timezone.now() - timedelta(days=2)
    ).exclude(simulation="")
    for payment in waiting:
        payment_settled.send_robust(sender=Payment, payment=payment)
    return len(waiting)
