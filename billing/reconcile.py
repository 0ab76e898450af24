"""Look again: read one thing from Stripe and make our rows agree.

Webhooks, the return page, polls and the nightly sweep all end here. None of them is trusted further than "look again",
so a forged, late, doubled or lost event changes nothing. All raise stripe.StripeError when Stripe does not answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from django.db import IntegrityError, transaction

from accounts.models import User
from billing import facts, fulfil
from billing.errors import Stale, UnknownPayment
from billing.facts import InvoiceFacts, SessionFacts
from billing.models import CreditLot, Frozen, Payment, PaymentStatus
from billing.prices import price_of
from billing.stripe_api import client
from billing.takebacks import freeze

log = logging.getLogger(__name__)

TRIES = 5


class Write[Facts](Protocol):
    """fulfil.fulfil_session or fulfil.fulfil_invoice."""

    def __call__(self, payment_pk: int, facts: Facts, /, *, version: int) -> Payment: ...


def reconcile_session(session_id: str) -> Payment | None:
    """None for a session that is not ours."""
    known = Payment.objects.filter(checkout_session=session_id).first()
    session = facts.read_session(session_id)
    payment = known or _payment_of_session(session)
    if payment is None:
        return None
    if session.mode == "subscription" and session.paid:
        return reconcile_invoice(session.invoice)
    try:
        return fulfil.fulfil_session(payment.pk, session, version=known.version if known else 0)
    except Stale:
        return _again(payment.pk, partial(facts.read_session, session_id), fulfil.fulfil_session)


def reconcile_invoice(invoice_id: str) -> Payment | None:
    """None for what grants no runs: unpaid, prorated, or the paper of a one-off purchase."""
    known = Payment.objects.filter(invoice=invoice_id).first()
    invoice = facts.read_invoice(invoice_id)
    if not (invoice.paid and invoice.month):
        return None
    payment = known or _payment_of_invoice(invoice)
    try:
        return fulfil.fulfil_invoice(payment.pk, invoice, version=known.version if known else 0)
    except Stale:
        return _again(payment.pk, partial(facts.read_invoice, invoice_id), fulfil.fulfil_invoice)


def _again[Facts](pk: int, read: Callable[[], Facts], write: Write[Facts]) -> Payment:
    """Ask Stripe anew until nobody else writes meanwhile. Raises Stale when that never happens: Stripe retries."""
    for _ in range(TRIES):
        version = Payment.objects.values_list("version", flat=True).get(pk=pk)
        with suppress(Stale):
            return write(pk, read(), version=version)
    raise Stale(f"Payment {pk} is written all the time.")


def reconcile_payment_intent(payment_intent: str) -> Payment | None:
    """For news about money: find what it paid for, whatever arrived first."""
    known = Payment.objects.filter(payment_intent=payment_intent).first()
    invoice = (known and known.invoice) or facts.invoice_of_intent(payment_intent)
    if invoice and (month := reconcile_invoice(invoice)):
        return month
    session = (known and known.checkout_session) or facts.session_of_intent(payment_intent)
    return reconcile_session(session) if session else None


def refund_warned(warning_id: str) -> Payment | None:
    """An early fraud warning: give the money back before it becomes a dispute, whose fee is many times the price."""
    warning = client().v1.radar.early_fraud_warnings.retrieve(warning_id).to_dict()
    charge = facts.read_charge(warning["charge"])
    if charge is None or not warning["actionable"]:
        return None
    payment = reconcile_payment_intent(charge.payment_intent)
    return give_money_back(payment, reason="fraudulent") if payment else None


def give_money_back(payment: Payment, *, reason: str = "requested_by_customer") -> Payment | None:
    """Refund all that is left of a payment. Its runs are frozen first, so that none starts while Stripe works."""
    lot = CreditLot.objects.get(payment=payment)
    if not payment.payment_intent or not freeze(lot, Frozen.REFUND):
        return payment
    charge_state = reconcile_payment_intent(payment.payment_intent)
    if charge_state is None or charge_state.status in (PaymentStatus.REFUNDED, PaymentStatus.DISPUTED):
        return charge_state
    client().v1.refunds.create(
        {"payment_intent": payment.payment_intent, "reason": reason, "metadata": {"payment": payment.public_id}},
        {"idempotency_key": f"refund:{payment.public_id}"},
    )
    return reconcile_payment_intent(payment.payment_intent)


def _payment_of_session(session: SessionFacts) -> Payment | None:
    payment = Payment.objects.filter(checkout_session=session.id).first()
    payment = payment or Payment.objects.filter(public_id=session.payment).first()
    if payment is None and session.payment.startswith("pay_") and session.paid:
        raise UnknownPayment(f"{session.id} was paid for {session.payment}, which is not in this database.")
    return payment


def _payment_of_invoice(invoice: InvoiceFacts) -> Payment:
    """The payment that was opened in Checkout for the first month, a new one for each later month."""
    if payment := Payment.objects.filter(invoice=invoice.id).first():
        return payment
    opened = Payment.objects.filter(public_id=invoice.payment).first()
    if invoice.first:
        if opened is None:
            raise UnknownPayment(f"{invoice.id} was paid for {invoice.payment!r}, which is not in this database.")
        return opened
    return _next_month(invoice, opened)


def _next_month(invoice: InvoiceFacts, opened: Payment | None) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.create(
                user=opened.user if opened else _user_of(invoice.customer),
                product="pilot_250",
                runs=opened.runs if opened else price_of("pilot_250").runs,
                amount=invoice.subtotal,
                currency=invoice.currency,
                livemode=invoice.livemode,
                subscription=invoice.subscription,
                invoice=invoice.id,
                customer=invoice.customer,
            )
    except IntegrityError:
        # Another delivery of the same event made it between our look and our insert.
        return Payment.objects.get(invoice=invoice.id)


def _user_of(customer: str) -> User | None:
    return User.objects.filter(djstripe_customers__id=customer).first()
