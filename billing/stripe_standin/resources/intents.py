"""Payment intents: one wish to pay an amount, over as many attempts as it takes."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.routes import readable, updatable
from billing.stripe_standin.resources import charges
from billing.stripe_standin.resources.cards import MESSAGES, Behaviour
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id, random_text
from billing.stripe_standin.state.store import Obj


def create(backend: Backend, amount: int, currency: str, customer: str | None, extra: Obj, types: list[str]) -> Obj:
    id_ = new_id("pi")
    intent = backend.add(
        stripe.PaymentIntent,
        "pi",
        id=id_,
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        capture_method="automatic_async",
        client_secret=f"{id_}_secret_{random_text(25)}",
        confirmation_method="automatic",
        currency=currency,
        customer=customer,
        description=extra.get("description"),
        metadata=extra.get("metadata") or {},
        payment_method_types=types,
        payment_method_options={name: _OPTIONS[name] for name in types},
        receipt_email=extra.get("receipt_email"),
        statement_descriptor_suffix=extra.get("statement_descriptor_suffix"),
        status="requires_payment_method",
    )
    backend.emit("payment_intent.created", intent)
    return intent


def succeed(backend: Backend, intent: Obj, method: Obj) -> Obj:
    """Charge the method; returns the charge."""
    charge = charges.create(backend, intent, method)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": method["id"],
        "last_payment_error": None,
    }
    backend.emit("charge.succeeded", charge)
    backend.emit("payment_intent.succeeded", intent)
    return charge


def wait(backend: Backend, intent: Obj, method: Obj) -> None:
    """A delayed method: agreed now, money later."""
    intent |= {"status": "processing", "payment_method": method["id"]}
    backend.emit("payment_intent.processing", intent)


def fail(backend: Backend, intent: Obj, behaviour: Behaviour = Behaviour.DECLINED) -> None:
    intent |= {"status": "requires_payment_method", "last_payment_error": _error(behaviour)}
    backend.emit("payment_intent.payment_failed", intent)


def _error(behaviour: Behaviour) -> Obj:
    decline = Behaviour.NO_FUNDS if behaviour is Behaviour.NO_FUNDS else Behaviour.DECLINED
    return {"type": "card_error", "code": "card_declined", "decline_code": decline.value, "message": MESSAGES[decline]}


_OPTIONS: Obj = {
    "card": {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"},
    "bacs_debit": {},
}
ROUTES = [
    updatable("payment_intent", "/v1/payment_intents", p.PaymentIntentModifyParams, {"description", "metadata"}),
    *readable("payment_intent", "/v1/payment_intents", p.PaymentIntentRetrieveParams, p.PaymentIntentListParams),
]
