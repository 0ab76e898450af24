"""The billing portal: the subscription, its end, and the invoices."""

from billing.stripe_standin.app import App
from billing.stripe_standin.pages.answers import PageAnswer, Visit, notice, page, redirect
from billing.stripe_standin.pages.html import Html, join, render
from billing.stripe_standin.pages.money import amount, day
from billing.stripe_standin.resources.subscriptions import RUNNING, schedule_end
from billing.stripe_standin.state.store import Obj


def show(app: App, visit: Visit, id_: str) -> PageAnswer:
    with app.backend.turn():
        portal = app.backend.store.get(id_, "billing_portal.session")
        if portal is None:
            return notice(
                404,
                "This link is over",
                "Open the billing page from the site again.",
                app.backend.site_url,
                "Back to the site",
            )
        if visit.method == "POST":
            _change(app, portal["customer"], visit.form)
            return redirect(visit.path)
        return _page(app, portal)


def _change(app: App, customer: str, form: dict[str, str]) -> None:
    """End a subscription of this customer with its month, or keep it after all."""
    for name, ends in (("cancel", True), ("keep", False)):
        subscription = app.backend.store.get(form.get(name, ""), "subscription")
        if subscription and subscription["customer"] == customer and subscription["status"] in RUNNING:
            schedule_end(app.backend, subscription, ends=ends)


def _page(app: App, portal: Obj) -> PageAnswer:
    store, customer = app.backend.store, portal["customer"]
    subscriptions = [
        _subscription(app, sub) for sub in store.find("subscription", {"customer": customer, "status": RUNNING})
    ]
    invoices = [_invoice(invoice) for invoice in store.find("invoice", {"customer": customer})]
    body = render(
        "portal",
        subscriptions=join(subscriptions) or render("empty", text="No subscription."),
        invoices=join(invoices) or render("empty", text="No invoices yet."),
        back=portal["return_url"] or app.backend.site_url,
    )
    return page("Billing", body)


def _subscription(app: App, subscription: Obj) -> Html:
    item = subscription["items"]["data"][0]
    product = app.backend.need("product", item["price"]["product"])
    ends, until = subscription["cancel_at_period_end"], day(item["current_period_end"])
    return render(
        "subscription",
        name=product["name"],
        price=amount(item["price"]["unit_amount"], subscription["currency"]),
        status=f"Ends on {until}" if ends else f"Renews on {until}",
        method=_method(app, subscription),
        id=subscription["id"],
        action="keep" if ends else "cancel",
        label="Keep the subscription" if ends else "Cancel the subscription",
        state=subscription["status"].replace("_", " "),
    )


def _method(app: App, subscription: Obj) -> str:
    method = app.backend.store.get(subscription["default_payment_method"] or "")
    return f"{method['card']['brand'].title()} ending in {method['card']['last4']}" if method else "No card on file"


def _invoice(invoice: Obj) -> Html:
    return render(
        "invoice_row",
        day=day(invoice["created"]),
        number=invoice["number"],
        amount=amount(invoice["total"], invoice["currency"]),
        status=invoice["status"],
        url=invoice["hosted_invoice_url"],
        pdf=invoice["invoice_pdf"],
    )
