"""Disputes: the buyer's bank takes the money back, for now or for good."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, readable, updatable
from billing.stripe_standin.resources import balance
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.store import Obj

_DAYS_TO_ANSWER = 7


def create(backend: Backend, charge: Obj, reason: str = "fraudulent") -> Obj:
    if charge["disputed"]:
        raise StripeError.invalid(f"Charge {charge['id']} is disputed already.", "charge", "charge_disputed")
    id_ = new_id("du")
    entry = balance.record(backend, -charge["amount"], charge["currency"], id_, "adjustment", balance.DISPUTE_FEE)
    dispute = backend.add(
        stripe.Dispute,
        "du",
        id=id_,
        amount=charge["amount"],
        balance_transactions=[entry],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=_evidence(),
        evidence_details=_evidence_details(backend),
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details=_DETAILS,
        reason=reason,
        status="needs_response",
    )
    charge["disputed"] = True
    backend.emit("charge.dispute.created", dispute)
    backend.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(backend: Backend, dispute: Obj, *, won: bool) -> Obj:
    if dispute["status"] in ("won", "lost"):
        raise StripeError.invalid(f"This dispute is already closed ({dispute['status']}).", "dispute")
    dispute["status"] = "won" if won else "lost"
    backend.emit("charge.dispute.closed", dispute)
    if won:
        _give_back(backend, dispute)
    return dispute


def _give_back(backend: Backend, dispute: Obj) -> None:
    entry = balance.record(backend, dispute["amount"], dispute["currency"], dispute["id"], "adjustment")
    dispute["balance_transactions"].append(entry)
    backend.need("charge", dispute["charge"])["_dispute_won"] = True
    backend.emit("charge.dispute.funds_reinstated", dispute)


def _evidence() -> Obj:
    fields = (name for name in stripe.Dispute.Evidence.__annotations__ if not name.startswith("_"))
    return {**dict.fromkeys(fields), "enhanced_evidence": {}}


def _evidence_details(backend: Backend) -> Obj:
    due = backend.now() + _DAYS_TO_ANSWER * 86400
    return {"due_by": due, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False, "submission_count": 0}


def _close(backend: Backend, params: Obj, id_: str) -> Obj:
    """The merchant gives in: the dispute is lost."""
    return close(backend, backend.need("dispute", id_), won=False)


_DETAILS: Obj = {"card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"}, "type": "card"}
ROUTES = [
    Route("POST", "/v1/disputes/{id}/close", p.DisputeCloseParams, _close),
    updatable("dispute", "/v1/disputes", p.DisputeModifyParams, {"metadata"}, "charge.dispute.updated"),
    *readable("dispute", "/v1/disputes", p.DisputeRetrieveParams, p.DisputeListParams),
]
