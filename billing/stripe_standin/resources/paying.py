"""What happens when the buyer presses Pay."""

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.resources import customers, disputes, intents, invoices, methods, promotions, subscriptions
from billing.stripe_standin.resources.cards import MESSAGES, Behaviour, Card
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

_BUYER = "Test Buyer"


def pay(backend: Backend, session: Obj, card: Card | None, *, email: str) -> str | None:
    """Pay by card, or by bank debit without one. Returns what to tell the buyer when it failed.

    A session that is complete stays as it is, so a double click pays once.
    """
    if session["status"] == "complete":
        return None
    if session["status"] != "open":
        raise StripeError.invalid(f"This Checkout Session is {session['status']}.")
    if card and card.declines_now and _needs_method(session):
        return _decline(backend, session, card)
    session["customer_details"] = _customer_details(email)
    session["collected_information"] = {"business_name": None, "individual_name": None, "shipping_details": None}
    promotions.redeem(backend, session)
    _take(backend, session, card, _customer(backend, session, email), email)
    _dispute_if_asked(backend, session, card)
    return None


def settle(backend: Backend, session: Obj, *, succeeds: bool) -> Obj:
    """A delayed payment arrives, or does not."""
    intent = backend.need("payment_intent", session["payment_intent"], "session")
    if intent["status"] != "processing":
        raise StripeError.invalid(
            f"The payment of this session is {intent['status']}, so there is nothing to settle.", "session"
        )
    if succeeds:
        intents.succeed(backend, intent, backend.need("payment_method", intent["payment_method"]))
        session["payment_status"] = "paid"
        _invoice(backend, session, intent)
    else:
        intents.fail(backend, intent)
    backend.emit(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)
    return session


def _take(backend: Backend, session: Obj, card: Card | None, customer: Obj | None, email: str) -> None:
    """Nothing, a subscription, money now, or the promise of it."""
    if session["mode"] == "subscription":
        _subscribe(backend, session, card, customer or {}, email)
    elif session["amount_total"] == 0:
        _complete(backend, session, "no_payment_required")
    elif card:
        intent = _intent(backend, session)
        intents.succeed(backend, intent, methods.card_method(backend, card, email=email, name=_BUYER))
        _invoice(backend, session, intent)
        _complete(backend, session, "paid")
    else:
        intents.wait(backend, _intent(backend, session), methods.bank_method(backend, email=email, name=_BUYER))
        _complete(backend, session, "unpaid")


def _subscribe(backend: Backend, session: Obj, card: Card | None, customer: Obj, email: str) -> None:
    method = methods.card_method(backend, card, email=email, name=_BUYER) if card else None
    if method:
        methods.attach(backend, method, customer)
    subscription = subscriptions.create(backend, session, customer, method)
    session |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    _complete(backend, session, "paid" if session["amount_total"] else "no_payment_required")


def _complete(backend: Backend, session: Obj, payment_status: str) -> None:
    session |= {"status": "complete", "payment_status": payment_status, "url": None}
    backend.emit("checkout.session.completed", session)


def _decline(backend: Backend, session: Obj, card: Card) -> str:
    if session["mode"] == "payment":
        intents.fail(backend, _intent(backend, session), card.behaviour)
    return MESSAGES[card.behaviour]


def _intent(backend: Backend, session: Obj) -> Obj:
    """One intent for all attempts of a session."""
    if session["payment_intent"]:
        return backend.need("payment_intent", session["payment_intent"])
    types = session["payment_method_types"]
    intent = intents.create(
        backend, session["amount_total"], session["currency"], session["customer"], session["_intent_data"], types
    )
    session["payment_intent"] = intent["id"]
    return intent


def _customer(backend: Backend, session: Obj, email: str) -> Obj | None:
    """The session's customer; a new one only when Stripe would need one."""
    if session["customer"]:
        return backend.need("customer", session["customer"])
    if not _needs_customer(session):
        return None
    customer = customers.create(backend, {"email": email, "name": _BUYER})
    session["customer"] = customer["id"]
    if session["payment_intent"]:
        backend.need("payment_intent", session["payment_intent"])["customer"] = customer["id"]
    return customer


def _invoice(backend: Backend, session: Obj, intent: Obj) -> None:
    if session["invoice_creation"]["enabled"]:
        session["invoice"] = invoices.for_session(backend, session, intent)["id"]


def _dispute_if_asked(backend: Backend, session: Obj, card: Card | None) -> None:
    if card and card.behaviour is Behaviour.DISPUTED and session["payment_intent"]:
        intent = backend.need("payment_intent", session["payment_intent"])
        disputes.create(backend, backend.need("charge", intent["latest_charge"]))


def _needs_customer(session: Obj) -> bool:
    """A guest stays one, unless something must be kept for them: an order without cost counts."""
    if session["mode"] == "subscription" or session["customer_creation"] == "always" or not session["amount_total"]:
        return True
    return bool(session["invoice_creation"]["enabled"])


def _needs_method(session: Obj) -> bool:
    return bool(session["amount_total"]) or session["payment_method_collection"] == "always"


def _customer_details(email: str) -> Obj:
    return {
        "address": methods.ADDRESS,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": _BUYER,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
