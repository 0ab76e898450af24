"""Invoices and receipts: to read, to download, and to pay when a renewal failed."""

from billing.stripe_standin.app import App
from billing.stripe_standin.pages.answers import PageAnswer, Visit, notice, page, redirect
from billing.stripe_standin.pages.card_form import CardForm, card_fields
from billing.stripe_standin.pages.html import NOTHING, Html, join, render
from billing.stripe_standin.pages.money import amount, day
from billing.stripe_standin.pages.pdf import pdf
from billing.stripe_standin.resources import invoices, methods
from billing.stripe_standin.resources.cards import MESSAGES
from billing.stripe_standin.state.store import Obj


def show(app: App, visit: Visit, id_: str) -> PageAnswer:
    with app.backend.turn():
        invoice = app.backend.store.get(id_, "invoice")
        if invoice is None:
            return _missing(app)
        if visit.method == "POST" and invoice["status"] == "open":
            return _pay(app, invoice, CardForm.of(visit.form, known_email=invoice["customer_email"] or ""))
        return redirect(visit.path) if visit.method == "POST" else _page(invoice, CardForm())


def download(app: App, visit: Visit, id_: str) -> PageAnswer:
    with app.backend.turn():
        invoice = app.backend.store.get(id_, "invoice")
    if invoice is None:
        return _missing(app)
    headers = {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{invoice["number"]}.pdf"'}
    return PageAnswer(200, pdf(_text(invoice)), headers)


def receipt(app: App, visit: Visit, id_: str) -> PageAnswer:
    with app.backend.turn():
        charge = app.backend.store.get(id_, "charge")
    if charge is None:
        return _missing(app)
    rows = [("Paid", charge["amount"])] + (
        [("Refunded", -charge["amount_refunded"])] if charge["amount_refunded"] else []
    )
    lines = join([render("line", what=what, note="", amount=amount(sum_, charge["currency"])) for what, sum_ in rows])
    body = render(
        "document",
        title="Receipt",
        number=charge["id"],
        day=day(charge["created"]),
        lines=lines,
        status="",
        form=NOTHING,
        total=amount(charge["amount"] - charge["amount_refunded"], charge["currency"]),
        link=NOTHING,
    )
    return page("Receipt", body)


def _page(invoice: Obj, form: CardForm, problem: str | None = None) -> PageAnswer:
    lines = [
        render("line", what=what, note="", amount=amount(sum_, invoice["currency"])) for what, sum_ in _rows(invoice)
    ]
    body = render(
        "document",
        title="Invoice",
        number=invoice["number"],
        day=day(invoice["created"]),
        lines=join(lines),
        status=invoice["status"],
        total=amount(invoice["total"], invoice["currency"]),
        link=render("pdf_link", url=invoice["invoice_pdf"]),
        form=_form(invoice, form, problem) if invoice["status"] == "open" else NOTHING,
    )
    return page(f"Invoice {invoice['number']}", body, status=402 if problem else 200)


def _form(invoice: Obj, form: CardForm, problem: str | None) -> Html:
    return render(
        "pay_invoice",
        id=invoice["id"],
        fields=card_fields(form, banks=False),
        problem=render("alert", text=problem) if problem else NOTHING,
        button=f"Pay {amount(invoice['amount_remaining'], invoice['currency'])}",
    )


def _pay(app: App, invoice: Obj, form: CardForm) -> PageAnswer:
    """Pay an open invoice with a new card, which then pays the coming months too."""
    problem = form.problem(needs_card=True)
    card = form.card
    if problem is None and card and card.declines_now:
        problem = MESSAGES[card.behaviour]
    if problem or card is None:
        return _page(invoice, form, problem)
    _pay_with(app, invoice, methods.card_method(app.backend, card, email=form.email, name=invoice["customer_name"]))
    return redirect(f"/i/{invoice['id']}")


def _pay_with(app: App, invoice: Obj, method: Obj) -> None:
    methods.attach(app.backend, method, app.backend.need("customer", invoice["customer"]))
    if invoice["parent"]:
        subscription = app.backend.need("subscription", invoice["parent"]["subscription_details"]["subscription"])
        subscription["default_payment_method"] = method["id"]
    invoices.collect(app.backend, invoice, method)


def _rows(invoice: Obj) -> list[tuple[str, int]]:
    rows = [(line["description"], line["amount"]) for line in invoice["lines"]["data"]]
    off = sum(part["amount"] for part in invoice["total_discount_amounts"])
    return [*rows, ("Discount", -off)] if off else rows


def _text(invoice: Obj) -> list[str]:
    """The lines of the PDF."""
    rows = [f"{what}    {amount(sum_, invoice['currency'])}" for what, sum_ in _rows(invoice)]
    return [
        f"Invoice {invoice['number']}",
        "This is not from Stripe. No money moved.",
        "",
        f"Date: {day(invoice['created'])}",
        f"For: {invoice['customer_name'] or ''} {invoice['customer_email'] or ''}",
        "",
        *rows,
        "",
        f"Total: {amount(invoice['total'], invoice['currency'])}",
        f"Status: {invoice['status']}",
    ]


def _missing(app: App) -> PageAnswer:
    return notice(
        404, "There is nothing here", "The stand-in knows no such document.", app.backend.site_url, "Back to the site"
    )
