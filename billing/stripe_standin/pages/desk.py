"""The desk: what happened here, with a button for what banks, buyers and months would do next."""

from collections.abc import Callable

from billing.stripe_standin import controls
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.app import App
from billing.stripe_standin.pages.answers import PageAnswer, Visit, notice, page, redirect
from billing.stripe_standin.pages.html import NOTHING, Html, join, render
from billing.stripe_standin.pages.money import amount, day
from billing.stripe_standin.resources import refunds
from billing.stripe_standin.state.store import Obj

_SHOWN = 25


def show(app: App, visit: Visit) -> PageAnswer:
    """GET shows the desk; POST presses one button: its name is the action, its value the id."""
    if visit.method != "POST":
        with app.backend.turn():
            return page("Desk", _body(app))
    try:
        for name in _ACTIONS.keys() & visit.form.keys():
            _ACTIONS[name](app, visit.form[name])
    except StripeError as error:
        return notice(400, "That did not work", str(error), "/", "Back to the desk")
    return redirect("/")


def _refund(app: App, charge: str) -> None:
    with app.backend.turn():
        refunds.create(app.backend, {"charge": charge})


_ACTIONS: dict[str, Callable[[App, str], object]] = {
    "settle": lambda app, id_: controls.settle(app, session=id_),
    "bounce": lambda app, id_: controls.settle(app, session=id_, succeeds=False),
    "expire": lambda app, id_: controls.expire_session(app, session=id_),
    "refund": _refund,
    "dispute": lambda app, id_: controls.dispute(app, charge=id_),
    "warn": lambda app, id_: controls.fraud_warning(app, charge=id_),
    "win": lambda app, id_: controls.close_dispute(app, dispute=id_, won=True),
    "lose": lambda app, id_: controls.close_dispute(app, dispute=id_, won=False),
    "advance": lambda app, id_: controls.advance(app, subscription=id_),
    "give_up": lambda app, id_: controls.give_up(app, subscription=id_),
    "redeliver": lambda app, id_: controls.redeliver(app, event=id_),
}


def _body(app: App) -> Html:
    store = app.backend.store
    sections = {
        "Payments": [_session(app, session) for session in store.find("checkout.session", limit=_SHOWN)],
        "Subscriptions": [_subscription(app, sub) for sub in store.find("subscription", limit=_SHOWN)],
        "Webhooks": [_delivery(row) for row in controls.deliveries(app)["data"][: -_SHOWN - 1 : -1]],
    }
    parts = [render("desk_section", title=title, rows=join(rows) or _NOTHING_YET) for title, rows in sections.items()]
    return render("desk", sections=join(parts), back=app.backend.site_url)


def _session(app: App, session: Obj) -> Html:
    buttons = [_button(name, label, id_) for name, label, id_ in _moves(app, session)]
    state = session["status"] if session["status"] != "complete" else session["payment_status"].replace("_", " ")
    what = ", ".join(line["description"] for line in session["_lines"])
    link = render("desk_link", url=session["url"]) if session["url"] else NOTHING
    note = f"{day(session['created'])} · {state}"
    return _row(f"{what}, {amount(session['amount_total'], session['currency'])}", note, [link, *buttons])


def _moves(app: App, session: Obj) -> list[tuple[str, str, str]]:
    """What may happen next to a payment: action, label, id."""
    if session["status"] == "open":
        return [("expire", "Expire", session["id"])]
    intent = app.backend.store.get(session["payment_intent"] or "")
    if intent and intent["status"] == "processing":
        return [("settle", "The money arrives", session["id"]), ("bounce", "The debit fails", session["id"])]
    charge = app.backend.store.get(intent["latest_charge"] or "") if intent else None
    return _charge_moves(app, charge) if charge else []


def _charge_moves(app: App, charge: Obj) -> list[tuple[str, str, str]]:
    for dispute in app.backend.store.find("dispute", {"charge": charge["id"]}):
        is_open = dispute["status"] == "needs_response"
        return [("win", "Win the dispute", dispute["id"]), ("lose", "Lose it", dispute["id"])] if is_open else []
    if charge["refunded"]:
        return []
    moves = (("refund", "Refund"), ("warn", "Fraud warning"), ("dispute", "Dispute"))
    return [(name, label, charge["id"]) for name, label in moves]


def _subscription(app: App, subscription: Obj) -> Html:
    item = subscription["items"]["data"][0]
    product = app.backend.store.get(item["price"]["product"]) or {"name": item["price"]["product"]}
    moves = [] if subscription["status"] == "canceled" else [("advance", "Go to the end of the month")]
    moves += [("give_up", "Give up on it")] if subscription["status"] == "past_due" else []
    note = f"{subscription['status'].replace('_', ' ')} · month ends {day(item['current_period_end'])}"
    return _row(str(product["name"]), note, [_button(name, label, subscription["id"]) for name, label in moves])


def _delivery(row: Obj) -> Html:
    answer = f"{row['status']} after {row['milliseconds']} ms" if row["status"] else row["answer"] or "waiting"
    return _row(str(row["type"]), f"{row['state']} · {answer}", [_button("redeliver", "Send again", row["event"])])


def _row(what: str, note: str, buttons: list[Html]) -> Html:
    return render("desk_row", what=what, note=note, buttons=join(buttons))


def _button(name: str, label: str, id_: str) -> Html:
    return render("desk_button", name=name, label=label, id=id_)


_NOTHING_YET = Html('<li class="quiet">Nothing yet.</li>')
