"""Make our rows agree with what Stripe says about one payment. Called as often as anybody likes, in any order.

The caller has read the facts from Stripe; here is no network. The payment's row is locked first, so that two
deliveries at once do one after the other what each would do alone. The caller also says which version of the row it
saw before it asked Stripe: when another delivery wrote since, these facts may be older than what is written, and
Stale sends the caller to read again.
"""

from __future__ import annotations

import logging
import math
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from billing import mails
from billing.cash import book_charge
from billing.errors import FactsDisagree, Stale
from billing.facts import ChargeFacts, InvoiceFacts, SessionFacts
from billing.grants import grant
from billing.models import CreditLot, Frozen, LotSource, Payment, PaymentStatus
from billing.signals import payment_settled
from billing.takebacks import freeze, take_back, unfreeze

log = logging.getLogger(__name__)

UNPAID = (PaymentStatus.OPEN, PaymentStatus.PROCESSING, PaymentStatus.EXPIRED)
SOURCES = {
    "single_run": LotSource.SINGLE_RUN,
    "pack_10": LotSource.PACK,
    "pilot_250": LotSource.SUBSCRIPTION,
}


@transaction.atomic
def fulfil_session(payment_pk: int, session: SessionFacts, *, version: int) -> Payment:
    """A one-off purchase: paid, under way, closed, and whatever happened to its money since."""
    payment = _locked(payment_pk, version)
    _check(payment, session.livemode, session.currency, session.subtotal)
    payment.customer = session.customer
    if session.paid:
        _settle(payment, charge=session.charge, total=session.total, expires_at=None)
    else:
        _note_unpaid(payment, session)
    payment.save()
    return payment


@transaction.atomic
def fulfil_invoice(payment_pk: int, invoice: InvoiceFacts, *, version: int) -> Payment:
    """A month of the Enterprise Pilot."""
    payment = _locked(payment_pk, version)
    _check(payment, invoice.livemode, invoice.currency, invoice.subtotal)
    payment.customer, payment.subscription, payment.invoice = invoice.customer, invoice.subscription, invoice.id
    _settle(payment, charge=invoice.charge, total=invoice.total, expires_at=invoice.period_end)
    payment.save()
    return payment


def _locked(pk: int, version: int) -> Payment:
    payment = Payment.objects.select_for_update().get(pk=pk)
    if payment.version != version:
        raise Stale(f"{payment.public_id} was written while Stripe was asked.")
    payment.version += 1
    return payment


def _check(payment: Payment, livemode: bool, currency: str, subtotal: int) -> None:
    """Raises FactsDisagree: Stripe retries, and somebody looks."""
    ours = (payment.livemode, payment.currency, payment.amount)
    if ours != (livemode, currency, subtotal):
        raise FactsDisagree(f"{payment.public_id} is {ours}, Stripe says {(livemode, currency, subtotal)}.")


def _note_unpaid(payment: Payment, session: SessionFacts) -> None:
    if payment.status not in UNPAID or session.id != payment.checkout_session:
        return
    if session.status == "complete" and not session.failed:
        payment.status = PaymentStatus.PROCESSING
    elif session.status == "expired" or session.failed:
        payment.status = PaymentStatus.EXPIRED


def _settle(payment: Payment, *, charge: ChargeFacts | None, total: int, expires_at: datetime | None) -> None:
    lot = CreditLot.objects.filter(payment=payment).first() or _grant(payment, total, expires_at)
    if charge is not None:
        payment.payment_intent, payment.receipt_url = charge.payment_intent, charge.receipt_url
        book_charge(payment, charge)
        _follow_the_money(payment, lot, charge)
    payment.status = _status(payment, lot, charge)


def _grant(payment: Payment, total: int, expires_at: datetime | None) -> CreditLot:
    """The one moment at which a payment becomes runs. The lot's unique payment makes it once."""
    payment.status, payment.paid_at = PaymentStatus.PAID, timezone.now()
    payment.save()
    # Before the grant's own news: the simulation that this was paid for starts before others that wait.
    transaction.on_commit(lambda: payment_settled.send(sender=Payment, payment=payment), robust=True)
    lot = grant(
        source=SOURCES[payment.product],
        quantity=payment.runs,
        reference=payment.public_id,
        user=payment.user,
        payment=payment,
        unit_value=total // payment.runs,
        expires_at=expires_at,
    )
    log.info("payment=%s product=%s paid runs=%d", payment.public_id, payment.product, payment.runs)
    mails.after_commit(mails.runs_bought, payment)
    return lot


def _follow_the_money(payment: Payment, lot: CreditLot, charge: ChargeFacts) -> None:
    """Runs go back with their money; while a dispute is open they are frozen."""
    before = lot.frozen
    if charge.disputed and freeze(lot, Frozen.DISPUTE) and before != Frozen.DISPUTE:
        mails.after_commit(mails.dispute_opened, payment)
    elif not charge.disputed:
        unfreeze(lot, Frozen.DISPUTE)
    if take_back(lot, runs=_runs_back(payment, charge), cause=charge.id):
        mails.after_commit(mails.money_returned, payment)
    if charge.money_back == charge.amount:
        unfreeze(lot, Frozen.REFUND)


def _runs_back(payment: Payment, charge: ChargeFacts) -> int:
    """Half the money back takes half the runs back, rounded up: no run is had for less than its price."""
    return math.ceil(payment.runs * charge.money_back / charge.amount) if charge.amount else 0


def _status(payment: Payment, lot: CreditLot, charge: ChargeFacts | None) -> PaymentStatus:
    if charge is not None and (charge.disputed or charge.lost):
        return PaymentStatus.DISPUTED
    if charge is not None and charge.amount and charge.money_back == charge.amount:
        return PaymentStatus.REFUNDED
    lot.refresh_from_db()
    used_up = lot.source == LotSource.SINGLE_RUN and lot.remaining == 0
    return PaymentStatus.CONSUMED if used_up else PaymentStatus.PAID
