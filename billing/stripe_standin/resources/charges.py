"""Charges: money that was taken."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.routes import readable, updatable
from billing.stripe_standin.resources import balance
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id, random_text
from billing.stripe_standin.state.store import Obj


def create(backend: Backend, intent: Obj, method: Obj) -> Obj:
    id_, amount, billing = new_id("ch"), intent["amount"], method["billing_details"]
    entry = balance.record(backend, amount, intent["currency"], id_, "charge", balance.card_fee(amount))
    return backend.add(
        stripe.Charge,
        "ch",
        id=id_,
        amount=amount,
        amount_captured=amount,
        amount_refunded=0,
        balance_transaction=entry["id"],
        billing_details=billing,
        calculated_statement_descriptor="FMU GATEWAY",
        captured=True,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        outcome=_OUTCOME,
        paid=True,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": method["type"], method["type"]: _details(method, amount)},
        receipt_email=intent["receipt_email"] or billing["email"],
        receipt_url=f"{backend.base_url}/receipts/{id_}",
        refunded=False,
        status="succeeded",
    )


def _details(method: Obj, amount: int) -> Obj:
    return _card(method["card"], amount) if method["type"] == "card" else _bank(method["bacs_debit"])


def _card(card: Obj, amount: int) -> Obj:
    same = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    return {
        **{name: card[name] for name in same},
        "amount_authorized": amount,
        "authorization_code": None,
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": random_text(15),
        "three_d_secure": None,
        "wallet": None,
    }


def _bank(bank: Obj) -> Obj:
    return {**bank, "mandate": new_id("mandate")}


_OUTCOME: Obj = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 1,
    "seller_message": "Payment complete.",
    "type": "authorized",
}
ROUTES = [
    updatable("charge", "/v1/charges", p.ChargeModifyParams, {"description", "metadata"}, "charge.updated"),
    *readable("charge", "/v1/charges", p.ChargeRetrieveParams, p.ChargeListParams),
]
