"""The Checkout page: what is bought, for how much, and the fields to pay it."""

from billing.stripe_standin.app import App
from billing.stripe_standin.pages.answers import PageAnswer, Visit, notice, page, redirect
from billing.stripe_standin.pages.card_form import CardForm, card_fields
from billing.stripe_standin.pages.html import NOTHING, Html, join, render
from billing.stripe_standin.pages.money import amount
from billing.stripe_standin.resources import paying, promotions
from billing.stripe_standin.resources.checkout import expire_overdue
from billing.stripe_standin.state.store import Obj

_BUTTONS = {"payment": "Pay", "subscription": "Subscribe for"}


def show(app: App, visit: Visit, id_: str) -> PageAnswer:
    """GET shows the page; POST pays and leads to the success page."""
    with app.backend.turn():
        expire_overdue(app.backend)
        session = app.backend.store.get(id_, "checkout.session")
        if session is None or session["status"] == "expired":
            return _gone(app, session)
        if session["status"] == "complete":
            return _complete(session, visit)
        return _pay(app, session, visit) if visit.method == "POST" else _page(app, session, _form_of(app, session))


def promote(app: App, visit: Visit, id_: str) -> PageAnswer:
    """Put a promotion code on the session."""
    with app.backend.turn():
        session = app.backend.store.get(id_, "checkout.session")
        if session is None or session["status"] != "open":
            return redirect(f"/c/pay/{id_}")
        text = visit.form.get("code", "")
        problem = promotions.apply_text(app.backend, session, text)
        return (
            _page(app, session, _form_of(app, session), code=text, code_problem=problem, status=422)
            if problem
            else redirect(f"/c/pay/{id_}")
        )


def _pay(app: App, session: Obj, visit: Visit) -> PageAnswer:
    form = CardForm.of(visit.form, known_email=_known_email(app, session))
    problem = form.problem(needs_card=_takes_money(session))
    if problem is None:
        problem = paying.pay(app.backend, session, form.card if _takes_money(session) else None, email=form.email)
    return _page(app, session, form, problem=problem, status=402) if problem else redirect(_success_url(session))


def _page(
    app: App,
    session: Obj,
    form: CardForm,
    *,
    problem: str | None = None,
    code: str = "",
    code_problem: str | None = None,
    status: int = 200,
) -> PageAnswer:
    total = amount(session["amount_total"], session["currency"])
    subscription = session["mode"] == "subscription"
    fields = card_fields(form, banks=not subscription and "bacs_debit" in session["payment_method_types"])
    body = render(
        "checkout",
        id=session["id"],
        total=total,
        per=" per month" if subscription else "",
        lines=_lines(session),
        promotion=_promotion(session, code, code_problem),
        email=form.email,
        email_fixed=_fixed(app, session),
        fields=fields if _takes_money(session) else NOTHING,
        problem=_alert(problem),
        back=session["cancel_url"] or app.backend.site_url,
        button=f"{_BUTTONS[session['mode']]} {total}" if session["amount_total"] else "Complete order",
    )
    return page(f"Pay {total}", body, status=status, back=session["success_url"])


def _lines(session: Obj) -> Html:
    rows = [(f"{line['description']}", f"x {line['quantity']}", line["amount_subtotal"]) for line in session["_lines"]]
    if off := session["total_details"]["amount_discount"]:
        rows.append(("Discount", "", -off))
    return join(
        [render("line", what=what, note=note, amount=amount(sum_, session["currency"])) for what, note, sum_ in rows]
    )


def _promotion(session: Obj, code: str, problem: str | None) -> Html:
    if not session["allow_promotion_codes"]:
        return NOTHING
    return render(
        "promotion", id=session["id"], code=code, problem=_alert(problem), open=Html("open") if problem else NOTHING
    )


def _alert(problem: str | None) -> Html:
    return render("alert", text=problem) if problem else NOTHING


def _takes_money(session: Obj) -> bool:
    return bool(session["amount_total"]) or session["payment_method_collection"] == "always"


def _known_email(app: App, session: Obj) -> str:
    customer = app.backend.store.get(session["customer"] or "") or {}
    return str(customer.get("email") or session["customer_email"] or "")


def _form_of(app: App, session: Obj) -> CardForm:
    return CardForm(email=_known_email(app, session))


def _fixed(app: App, session: Obj) -> Html:
    return Html("readonly") if _known_email(app, session) else NOTHING


def _success_url(session: Obj) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _complete(session: Obj, visit: Visit) -> PageAnswer:
    """A second click goes where the first one went."""
    if visit.method == "POST":
        return redirect(_success_url(session))
    return notice(200, "You are all done here", "This payment is complete.", _success_url(session), "See your order")


def _gone(app: App, session: Obj | None) -> PageAnswer:
    back = (session or {}).get("cancel_url") or app.backend.site_url
    return notice(
        404 if session is None else 410,
        "This payment link is over",
        "Ask the site for a new one. Nothing was charged.",
        back,
        "Back to the site",
    )
