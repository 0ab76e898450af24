"""What Stripe says at this moment, in plain values. Read anew each time: events come late, twice and shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from billing.stripe_api import client

LOST = ("lost",)
CLOSED = ("won", "lost", "warning_closed", "prevented")


@dataclass(frozen=True)
class DisputeFacts:
    """fee: what Stripe took for handling it. open: nobody has decided yet."""

    id: str
    amount: int
    fee: int
    status: str
    created: datetime

    @property
    def open(self) -> bool:
        return self.status not in CLOSED

    @property
    def lost(self) -> bool:
        return self.status in LOST


@dataclass(frozen=True)
class RefundFacts:
    id: str
    amount: int
    failed: bool
    created: datetime


@dataclass(frozen=True)
class ChargeFacts:
    """Money that a card or a bank paid, and how much of it went back."""

    id: str
    payment_intent: str
    amount: int
    refunded: int
    fee: int
    currency: str
    livemode: bool
    created: datetime
    receipt_url: str
    refunds: tuple[RefundFacts, ...]
    disputes: tuple[DisputeFacts, ...]

    @property
    def disputed(self) -> bool:
        return any(dispute.open for dispute in self.disputes)

    @property
    def lost(self) -> bool:
        return any(dispute.lost for dispute in self.disputes)

    @property
    def money_back(self) -> int:
        """What the buyer has back: refunds and lost disputes."""
        return min(self.amount, self.refunded + sum(dispute.amount for dispute in self.disputes if dispute.lost))


@dataclass(frozen=True)
class SessionFacts:
    """A Checkout Session. failed: it is complete, but the delayed payment did not come."""

    id: str
    payment: str
    livemode: bool
    status: str
    paid: bool
    failed: bool
    mode: str
    subtotal: int
    total: int
    currency: str
    customer: str
    invoice: str
    subscription: str
    charge: ChargeFacts | None


@dataclass(frozen=True)
class InvoiceFacts:
    """One month of a subscription. first: the one that was paid in Checkout. payment: our id, from the metadata."""

    id: str
    paid: bool
    month: bool
    first: bool
    payment: str
    subscription: str
    customer: str
    livemode: bool
    subtotal: int
    total: int
    currency: str
    period_end: datetime
    created: datetime
    charge: ChargeFacts | None


def read_session(session_id: str) -> SessionFacts:
    """Raises stripe.StripeError."""
    expand = ["payment_intent.latest_charge.balance_transaction"]
    session = client().v1.checkout.sessions.retrieve(session_id, {"expand": expand}).to_dict()
    intent = session["payment_intent"] or {}
    return SessionFacts(
        id=session["id"],
        payment=session["client_reference_id"] or "",
        livemode=session["livemode"],
        status=session["status"],
        paid=session["payment_status"] in ("paid", "no_payment_required"),
        # While it is open a declined card says the same of its intent: the next card may pay.
        failed=session["status"] == "complete" and intent.get("status") in ("requires_payment_method", "canceled"),
        mode=session["mode"],
        subtotal=session["amount_subtotal"] or 0,
        total=session["amount_total"] or 0,
        currency=session["currency"] or "",
        customer=session["customer"] or "",
        invoice=session["invoice"] or "",
        subscription=session["subscription"] or "",
        charge=_charge(intent.get("latest_charge")),
    )


def read_invoice(invoice_id: str) -> InvoiceFacts:
    """Raises stripe.StripeError."""
    expand = ["payments.data.payment.payment_intent"]
    invoice = client().v1.invoices.retrieve(invoice_id, {"expand": expand}).to_dict()
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return InvoiceFacts(
        id=invoice["id"],
        paid=invoice["status"] == "paid",
        month=bool(details) and invoice["billing_reason"] in ("subscription_create", "subscription_cycle"),
        first=invoice["billing_reason"] == "subscription_create",
        payment=(details.get("metadata") or {}).get("payment", ""),
        subscription=details.get("subscription") or "",
        customer=invoice["customer"] or "",
        livemode=invoice["livemode"],
        subtotal=invoice["subtotal"],
        total=invoice["total"],
        currency=invoice["currency"],
        period_end=_time(max(line["period"]["end"] for line in invoice["lines"]["data"])),
        created=_time(invoice["created"]),
        charge=_charge_of_invoice(invoice),
    )


def read_charge(charge_id: str) -> ChargeFacts | None:
    """Raises stripe.StripeError."""
    charge = client().v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]})
    return _charge(charge.to_dict())


def session_of_intent(payment_intent: str) -> str | None:
    """The Checkout Session that this PaymentIntent paid, if one did."""
    found = client().v1.checkout.sessions.list({"payment_intent": payment_intent, "limit": 1}).data
    return found[0].id if found else None


def invoice_of_intent(payment_intent: str) -> str | None:
    """The invoice that this PaymentIntent paid, if one did."""
    asked: Any = {"payment": {"type": "payment_intent", "payment_intent": payment_intent}, "limit": 1}
    found = client().v1.invoice_payments.list(asked).data
    return _id(found[0].to_dict()["invoice"]) if found else None


def _charge_of_invoice(invoice: dict[str, Any]) -> ChargeFacts | None:
    """Stripe expands four levels at most, so the charge takes a question of its own."""
    for part in (invoice.get("payments") or {}).get("data", ()):
        intent = part["payment"].get("payment_intent")
        if part["status"] == "paid" and intent and intent["latest_charge"]:
            return read_charge(_id(intent["latest_charge"]))
    return None


def _charge(charge: dict[str, Any] | None) -> ChargeFacts | None:
    if not charge or not charge["paid"]:
        return None
    fee = charge["balance_transaction"]
    return ChargeFacts(
        id=charge["id"],
        payment_intent=_id(charge["payment_intent"] or ""),
        amount=charge["amount"],
        refunded=charge["amount_refunded"],
        fee=fee["fee"] if isinstance(fee, dict) else 0,
        currency=charge["currency"],
        livemode=charge["livemode"],
        created=_time(charge["created"]),
        receipt_url=charge["receipt_url"] or "",
        refunds=_refunds(charge) if charge["amount_refunded"] else (),
        disputes=_disputes(charge) if charge["disputed"] else (),
    )


def _refunds(charge: dict[str, Any]) -> tuple[RefundFacts, ...]:
    found = client().v1.refunds.list({"charge": charge["id"], "limit": 100}).data
    return tuple(
        RefundFacts(refund.id, refund.amount, refund.status in ("failed", "canceled"), _time(refund.created))
        for refund in found
    )


def _disputes(charge: dict[str, Any]) -> tuple[DisputeFacts, ...]:
    found = client().v1.disputes.list({"charge": charge["id"], "limit": 100}).data
    return tuple(_dispute(dispute) for dispute in found)


def _dispute(dispute: stripe.Dispute) -> DisputeFacts:
    return DisputeFacts(
        id=dispute.id,
        amount=dispute.amount,
        fee=sum(transaction.fee for transaction in dispute.balance_transactions),
        status=dispute.status,
        created=_time(dispute.created),
    )


def _id(value: str | dict[str, Any]) -> str:
    """An id, whether or not Stripe expanded it."""
    return value if isinstance(value, str) else value["id"]


def _time(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
