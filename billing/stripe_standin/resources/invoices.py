"""Invoices: one for each month of a subscription, and one for a purchase that asked for it."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, change, readable
from billing.stripe_standin.resources import discounts, intents
from billing.stripe_standin.resources.cards import Behaviour
from billing.stripe_standin.resources.invoice_lines import purchase_line, subscription_line
from billing.stripe_standin.resources.invoice_paper import write
from billing.stripe_standin.resources.methods import behaviour_of
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.store import Obj

_RETRY_AFTER = 3 * 86400
_CARD = ["card"]
_DESCRIPTIONS = {"subscription_create": "Subscription creation", "subscription_cycle": "Subscription update"}


def bill(backend: Backend, subscription: Obj, reason: str) -> Obj:
    """Invoice the current month and collect it."""
    id_ = new_id("in")
    found = [backend.need("discount", name) for name in subscription["discounts"]]
    used = [d for d in found if reason == "subscription_create" or discounts.lasts(backend, d)]
    line = subscription_line(backend, subscription, id_, used)
    parent = {"quote_details": None, "type": "subscription_details", "subscription_details": _details(subscription)}
    invoice = write(backend, id_, subscription["customer"], [line], reason, parent)
    subscription["latest_invoice"] = id_
    _open(backend, invoice)
    collect(backend, invoice, backend.store.get(subscription["default_payment_method"] or ""))
    return invoice


def for_session(backend: Backend, session: Obj, intent: Obj) -> Obj:
    """The invoice of a purchase that is already paid."""
    id_ = new_id("in")
    used = [discounts.create(backend, u, customer=session["customer"], invoice=id_) for u in session["discounts"]]
    rows = [purchase_line(backend, line, id_, used) for line in session["_lines"]]
    invoice = write(backend, id_, session["customer"], rows, "manual", None)
    asked = session["invoice_creation"]["invoice_data"]
    invoice |= {"description": asked["description"], "footer": asked["footer"], "metadata": asked["metadata"] or {}}
    _open(backend, invoice)
    _attempt(backend, invoice, intent)
    _mark_paid(backend, invoice)
    return invoice


def collect(backend: Backend, invoice: Obj, method: Obj | None) -> None:
    """Take the money of an open invoice, or note that it could not be taken."""
    if invoice["amount_due"] == 0:
        _mark_paid(backend, invoice)
        return
    intent = _intent(backend, invoice)
    if method and not _fails(invoice, method):
        intents.succeed(backend, intent, method)
        _mark_paid(backend, invoice)
    else:
        _mark_failed(backend, invoice, intent)


def _details(subscription: Obj) -> Obj:
    return {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}


def _fails(invoice: Obj, method: Obj) -> bool:
    return behaviour_of(method) is Behaviour.FAILS_ON_RENEWAL and invoice["billing_reason"] == "subscription_cycle"


def _open(backend: Backend, invoice: Obj) -> None:
    backend.emit("invoice.created", invoice)
    invoice["status"] = "open"
    backend.emit("invoice.finalized", invoice)


def _intent(backend: Backend, invoice: Obj) -> Obj:
    """The intent of the attempts so far, or a first one."""
    tried = backend.store.find("invoice_payment", {"invoice": invoice["id"], "status": "open"})
    if tried:
        invoice["attempt_count"] += 1
        return backend.need("payment_intent", tried[0]["payment"]["payment_intent"])
    extra = {"description": _DESCRIPTIONS[invoice["billing_reason"]]}
    intent = intents.create(backend, invoice["amount_due"], invoice["currency"], invoice["customer"], extra, _CARD)
    _attempt(backend, invoice, intent)
    return intent


def _attempt(backend: Backend, invoice: Obj, intent: Obj) -> None:
    backend.add(
        stripe.InvoicePayment,
        "inpay",
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )
    invoice |= {"attempted": True, "attempt_count": 1}


def _mark_paid(backend: Backend, invoice: Obj) -> None:
    was_open = backend.store.find("invoice_payment", {"invoice": invoice["id"], "status": "open"})
    invoice |= {
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "next_payment_attempt": None,
        "attempted": True,
    }
    invoice["status_transitions"]["paid_at"] = backend.now()
    backend.emit("invoice.paid", invoice)
    backend.emit("invoice.payment_succeeded", invoice)
    for payment in was_open:
        payment |= {"status": "paid", "amount_paid": payment["amount_requested"]}
        payment["status_transitions"]["paid_at"] = backend.now()
        backend.emit("invoice_payment.paid", payment)
    _set_subscription(backend, invoice, "active")


def _mark_failed(backend: Backend, invoice: Obj, intent: Obj) -> None:
    intents.fail(backend, intent)
    invoice["next_payment_attempt"] = backend.now() + _RETRY_AFTER
    backend.emit("invoice.payment_failed", invoice)
    _set_subscription(backend, invoice, "past_due")


def _set_subscription(backend: Backend, invoice: Obj, status: str) -> None:
    if not invoice["parent"]:
        return
    subscription = backend.need("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if subscription["status"] in ("active", "past_due") and (previous := change(subscription, {"status": status})):
        backend.emit("customer.subscription.updated", subscription, previous)


def _pay(backend: Backend, params: Obj, id_: str) -> Obj:
    """Try an open invoice again, with the given payment method or the subscription's."""
    invoice = backend.need("invoice", id_)
    if invoice["status"] != "open":
        raise StripeError.invalid(f"Invoice is already {invoice['status']}", code="invoice_not_editable")
    given = (
        params.get("payment_method")
        or backend.need("customer", invoice["customer"])["invoice_settings"]["default_payment_method"]
    )
    collect(backend, invoice, backend.need("payment_method", given, "payment_method"))
    if invoice["status"] != "paid":
        raise StripeError(402, "Your card was declined.", type_="card_error", code="card_declined")
    return invoice


ROUTES = [
    Route("POST", "/v1/invoices/{id}/pay", p.InvoicePayParams, _pay, frozenset({"payment_method"})),
    *readable(
        "invoice",
        "/v1/invoices",
        p.InvoiceRetrieveParams,
        p.InvoiceListParams,
        {"subscription": "parent.subscription_details.subscription"},
    ),
    *readable("invoice_payment", "/v1/invoice_payments", p.InvoicePaymentRetrieveParams, p.InvoicePaymentListParams),
]
