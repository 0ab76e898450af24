"""What only a test or a demo can do: `POST /_standin/<name>` with JSON. Stripe has its Dashboard for this."""

import functools
import json
from collections.abc import Callable
from typing import Any

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.app import App
from billing.stripe_standin.outage import Fault
from billing.stripe_standin.resources import checkout, disputes, fraud, paying, promotions, refunds, subscriptions
from billing.stripe_standin.resources.cards import card_of
from billing.stripe_standin.state.objects import visible
from billing.stripe_standin.state.store import Obj
from billing.stripe_standin.webhooks.post import post

type Control = Callable[..., Any]


def run(app: App, name: str, body: str) -> dict[str, Any]:
    """Do what the JSON asks for and answer; raises StripeError when it cannot be done."""
    control = CONTROLS.get(name)
    if not control:
        raise StripeError(404, f"No control '{name}'; there are {', '.join(sorted(CONTROLS))}.")
    try:
        result: dict[str, Any] = visible(control(app, **json.loads(body or "{}")))
    except (TypeError, ValueError) as error:
        raise StripeError.invalid(f"{name}: {error}") from error
    app.deliveries.wake()
    return result


def _in_turn(control: Control) -> Control:
    @functools.wraps(control)
    def wrapped(app: App, **asked: Any) -> Any:
        with app.backend.turn():
            return control(app, **asked)

    return wrapped


@_in_turn
def pay(
    app: App, session: str, card: str = "4242424242424242", email: str = "buyer@example.test", bank: bool = False
) -> Obj:
    """Press Pay on the Checkout page."""
    chosen = None if bank else card_of(card)
    if not bank and chosen is None:
        raise StripeError.invalid(f"'{card}' is no test card.", "card")
    problem = paying.pay(app.backend, app.backend.need("checkout.session", session), chosen, email=email)
    return {"paid": problem is None, "problem": problem}


@_in_turn
def promote(app: App, session: str, code: str) -> Obj:
    """Type a promotion code on the Checkout page."""
    return {"problem": promotions.apply_text(app.backend, app.backend.need("checkout.session", session), code)}


@_in_turn
def settle(app: App, session: str, succeeds: bool = True) -> Obj:
    """A delayed payment arrives, or fails."""
    return paying.settle(app.backend, app.backend.need("checkout.session", session), succeeds=succeeds)


@_in_turn
def expire_session(app: App, session: str) -> Obj:
    return checkout.expire(app.backend, app.backend.need("checkout.session", session))


@_in_turn
def advance(app: App, subscription: str) -> Obj:
    """To the end of the current month."""
    return subscriptions.renew(app.backend, app.backend.need("subscription", subscription))


@_in_turn
def give_up(app: App, subscription: str) -> Obj:
    """All retries of a failed renewal are over."""
    return subscriptions.cancel(app.backend, app.backend.need("subscription", subscription), "payment_failed")


@_in_turn
def dispute(app: App, charge: str, reason: str = "fraudulent") -> Obj:
    return disputes.create(app.backend, app.backend.need("charge", charge), reason)


@_in_turn
def close_dispute(app: App, dispute: str, won: bool = False) -> Obj:
    return disputes.close(app.backend, app.backend.need("dispute", dispute), won=won)


@_in_turn
def fail_refund(app: App, refund: str) -> Obj:
    """The buyer's bank could not take a refund."""
    return refunds.fail(app.backend, app.backend.need("refund", refund))


@_in_turn
def fraud_warning(app: App, charge: str) -> Obj:
    return fraud.warn(app.backend, app.backend.need("charge", charge))


@_in_turn
def redeliver(app: App, event: str, times: int = 1) -> Obj:
    """Send an event again, to every endpoint, this many times at once."""
    found = app.backend.need("event", event)
    for endpoint in app.backend.store.find("webhook_endpoint", {"status": "enabled"}):
        for _ in range(times):
            app.backend.enqueue(endpoint["id"], found["id"])
    return found


def deliver_now(app: App, event: str) -> Obj:
    """Send an event to the first endpoint and answer with what the site said."""
    with app.backend.turn():
        found = app.backend.need("event", event)
        endpoints = app.backend.store.find("webhook_endpoint", {"status": "enabled"})
    if not endpoints:
        raise StripeError.invalid("There is no enabled webhook endpoint.")
    outcome = post(endpoints[-1], found)
    return {"status": outcome.status, "answer": outcome.answer, "milliseconds": outcome.milliseconds}


def webhooks(app: App, **mood: Any) -> Obj:
    """Pause, duplicate or shuffle deliveries; set the seconds between retries. Answers with how it is now."""
    for name, value in mood.items():
        if name not in vars(app.deliveries.mood):
            raise TypeError(f"webhooks have no '{name}'")
        setattr(app.deliveries.mood, name, value)
    return dict(vars(app.deliveries.mood))


def reset(app: App) -> Obj:
    """Forget everything, deliver and answer as usual again."""
    app.deliveries.reset()
    app.outage.end()
    with app.backend.turn():
        app.backend.store.clear()
    return {}


def drop_deliveries(app: App) -> Obj:
    """Forget the deliveries that wait: events that never arrive."""
    app.deliveries.drop()
    return {}


def wait_until_quiet(app: App, seconds: float = 30.0) -> Obj:
    """Until every delivery was taken or given up."""
    return {"quiet": app.deliveries.wait_until_quiet(seconds)}


def deliveries(app: App) -> Obj:
    """Every attempt so far, oldest first."""
    rows = app.backend.store.execute(
        "SELECT d.*, json_extract(o.body, '$.type') AS type"
        " FROM delivery d LEFT JOIN object o ON o.id = d.event ORDER BY d.id"
    )
    return {"data": [dict(row) for row in rows]}


def events(app: App, type: str | None = None) -> Obj:  # noqa: A002 as Stripe names it
    """Every event so far, oldest first."""
    with app.backend.turn():
        return {"data": app.backend.store.find("event", {"type": type} if type else None)[::-1]}


def down(app: App, requests: int = 0, seconds: float = 0.0, how: str = "error") -> Obj:
    """Fail the next requests, or all for some seconds: `error`, `hang_up` or `lose_answer`. Nothing given: up again."""
    app.outage.begin(Fault(how), requests=requests, seconds=seconds)
    return {"fault": how, "requests": requests, "seconds": seconds}


CONTROLS: dict[str, Control] = {
    control.__name__: control
    for control in (
        advance,
        close_dispute,
        deliver_now,
        deliveries,
        dispute,
        down,
        drop_deliveries,
        events,
        expire_session,
        fail_refund,
        fraud_warning,
        give_up,
        pay,
        promote,
        redeliver,
        reset,
        settle,
        wait_until_quiet,
        webhooks,
    )
}
