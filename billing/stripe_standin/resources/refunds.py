"""Refunds: all or part of a charge goes back."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, readable, updatable
from billing.stripe_standin.resources import balance
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.store import Obj


def create(backend: Backend, params: Obj) -> Obj:
    charge = _charge(backend, params)
    amount = _amount(charge, params)
    refund = _refund(backend, charge, amount, params)
    previous = {name: charge[name] for name in ("amount_refunded", "refunded")}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    backend.emit("refund.created", refund)
    backend.emit("charge.refunded", charge, previous)
    return refund


def fail(backend: Backend, refund: Obj) -> Obj:
    """The buyer's bank sends the money back: the charge counts as not refunded again."""
    if refund["status"] != "succeeded":
        raise StripeError.invalid(f"Refund {refund['id']} is {refund['status']} already.", "refund")
    entry = balance.record(backend, refund["amount"], refund["currency"], refund["id"], "refund_failure")
    refund |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": entry["id"],
    }
    charge = backend.need("charge", refund["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    backend.emit("refund.failed", refund)
    return refund


def _charge(backend: Backend, params: Obj) -> Obj:
    if params.get("charge"):
        return backend.need("charge", params["charge"], "charge")
    if not params.get("payment_intent"):
        raise StripeError.invalid(
            "One of the following params should be provided: payment_intent or charge.",
            "payment_intent",
            "parameter_missing",
        )
    intent = backend.need("payment_intent", params["payment_intent"], "payment_intent")
    if not intent["latest_charge"]:
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise StripeError.invalid(message, "payment_intent", "payment_intent_unexpected_state")
    return backend.need("charge", intent["latest_charge"])


def _amount(charge: Obj, params: Obj) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and not charge.get("_dispute_won"):
        raise StripeError.invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge", "charge_disputed"
        )
    if left == 0:
        raise StripeError.invalid(
            f"Charge {charge['id']} has already been refunded.", "charge", "charge_already_refunded"
        )
    amount: int = params.get("amount", left)
    if amount <= 0:
        raise StripeError.parameter("Invalid positive integer", "amount", "parameter_invalid_integer")
    if amount > left:
        raise StripeError.invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            "amount",
            "amount_too_large",
        )
    return amount


def _refund(backend: Backend, charge: Obj, amount: int, params: Obj) -> Obj:
    id_ = new_id("re")
    entry = balance.record(backend, -amount, charge["currency"], id_, "refund")
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    type_ = charge["payment_method_details"]["type"]
    return backend.add(
        stripe.Refund,
        "re",
        id=id_,
        amount=amount,
        balance_transaction=entry["id"],
        charge=charge["id"],
        currency=charge["currency"],
        destination_details={"type": type_, **({"card": card} if type_ == "card" else {})},
        metadata=params.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="succeeded",
    )


_TAKES = frozenset({"amount", "charge", "metadata", "payment_intent", "reason"})
ROUTES = [
    Route("POST", "/v1/refunds", p.RefundCreateParams, create, _TAKES),
    updatable("refund", "/v1/refunds", p.RefundModifyParams, {"metadata"}, "refund.updated"),
    *readable("refund", "/v1/refunds", p.RefundRetrieveParams, p.RefundListParams),
]
