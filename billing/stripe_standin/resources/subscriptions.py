"""Subscriptions: a month, the next month, and the end."""

import calendar
import datetime as dt

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.listing import list_of, page
from billing.stripe_standin.api.routes import Route, change, retrieve_of
from billing.stripe_standin.resources import discounts, invoices
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import make
from billing.stripe_standin.state.store import Obj

RUNNING = ["active", "past_due", "unpaid", "trialing", "incomplete", "paused"]
_ENDED = ("canceled", "incomplete_expired")
_PLAIN = {"default_payment_method", "description", "metadata"}
_TAKES = frozenset({*_PLAIN, "cancel_at_period_end", "cancellation_details"})


def create(backend: Backend, session: Obj, customer: Obj, method: Obj | None) -> Obj:
    """A subscription whose first month is invoiced and paid."""
    subscription = _subscription(backend, session, customer, method)
    for used in session["discounts"]:
        discount = discounts.create(backend, used, customer=customer["id"], subscription=subscription["id"])
        subscription["discounts"].append(discount["id"])
    backend.emit("customer.subscription.created", subscription)
    invoices.bill(backend, subscription, "subscription_create")
    return subscription


def renew(backend: Backend, subscription: Obj) -> Obj:
    """The end of the month: the next one begins and is invoiced, or the subscription ends as it was told to."""
    if subscription["status"] in _ENDED:
        raise StripeError.invalid("This subscription is canceled.", "subscription")
    item = subscription["items"]["data"][0]
    end = item["current_period_end"]
    with backend.at(end):
        if subscription["cancel_at_period_end"]:
            return cancel(backend, subscription)
        previous = {"items": page(subscription["items"]["url"], [dict(item)])}
        item |= {
            "current_period_start": end,
            "current_period_end": month_after(end, subscription["billing_cycle_anchor"]),
        }
        backend.emit("customer.subscription.updated", subscription, previous)
        invoices.bill(backend, subscription, "subscription_cycle")
    return subscription


def cancel(backend: Backend, subscription: Obj, reason: str = "cancellation_requested") -> Obj:
    now = backend.now()
    subscription |= {"status": "canceled", "canceled_at": subscription["canceled_at"] or now, "ended_at": now}
    subscription["cancellation_details"]["reason"] = reason
    backend.emit("customer.subscription.deleted", subscription)
    return subscription


def schedule_end(backend: Backend, subscription: Obj, *, ends: bool) -> None:
    """Let it run out at the end of the month, or change one's mind."""
    values = {
        "cancel_at_period_end": ends,
        "cancel_at": subscription["items"]["data"][0]["current_period_end"] if ends else None,
        "canceled_at": backend.now() if ends else None,
    }
    subscription["cancellation_details"]["reason"] = "cancellation_requested" if ends else None
    previous = change(subscription, values)
    if previous:
        backend.emit("customer.subscription.updated", subscription, previous)


def month_after(second: int, anchor: int) -> int:
    """One month later, on the anchor's day or the month's last one."""
    start, day = dt.datetime.fromtimestamp(second, dt.UTC), dt.datetime.fromtimestamp(anchor, dt.UTC).day
    year, month = (start.year, start.month + 1) if start.month < 12 else (start.year + 1, 1)
    last = calendar.monthrange(year, month)[1]
    return int(start.replace(year=year, month=month, day=min(day, last)).timestamp())


def _subscription(backend: Backend, session: Obj, customer: Obj, method: Obj | None) -> Obj:
    now, line, data, id_ = backend.now(), session["_lines"][0], session["_subscription_data"], new_id("sub")
    price = backend.need("price", line["price"])
    item = make(
        stripe.SubscriptionItem,
        id=new_id("si"),
        created=now,
        current_period_start=now,
        current_period_end=month_after(now, now),
        discounts=[],
        metadata={},
        price=price,
        quantity=line["quantity"],
        subscription=id_,
        tax_rates=[],
    )
    return backend.add(
        stripe.Subscription,
        "sub",
        id=id_,
        automatic_tax={"disabled_reason": None, "enabled": False, "liability": None},
        billing_cycle_anchor=now,
        billing_mode={"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details=dict.fromkeys(("comment", "feedback", "reason")),
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=customer["id"],
        default_tax_rates=[],
        default_payment_method=method["id"] if method else None,
        description=data.get("description"),
        discounts=[],
        invoice_settings={"account_tax_ids": None, "issuer": {"type": "self"}},
        items=page(f"/v1/subscription_items?subscription={id_}", [item]),
        metadata=data.get("metadata") or {},
        payment_settings={
            **dict.fromkeys(("payment_method_options", "payment_method_types")),
            "save_default_payment_method": "off",
        },
        start_date=now,
        status="active",
        trial_settings={"end_behavior": {"missing_payment_method": "create_invoice"}},
    )


def _update(backend: Backend, params: Obj, id_: str) -> Obj:
    subscription = backend.need("subscription", id_)
    if subscription["status"] in _ENDED:
        raise StripeError.invalid("A canceled subscription can only update its cancellation_details and metadata.")
    subscription["cancellation_details"] |= params.get("cancellation_details") or {}
    previous = change(subscription, {name: params[name] for name in params if name in _PLAIN})
    if previous:
        backend.emit("customer.subscription.updated", subscription, previous)
    if "cancel_at_period_end" in params:
        schedule_end(backend, subscription, ends=params["cancel_at_period_end"])
    return subscription


def _cancel(backend: Backend, params: Obj, id_: str) -> Obj:
    subscription = backend.need("subscription", id_)
    if subscription["status"] in _ENDED:
        raise StripeError.missing("subscription", id_)
    subscription["cancellation_details"] |= params.get("cancellation_details") or {}
    return cancel(backend, subscription)


def _list(backend: Backend, params: Obj) -> Obj:
    """Canceled ones only when asked for."""
    status = params.get("status")
    wanted = {"all": None, "ended": [*_ENDED], None: RUNNING}.get(status, status)
    rest = {name: value for name, value in params.items() if name != "status"}
    return list_of("subscription", "/v1/subscriptions")(backend, {**rest, "status": wanted} if wanted else rest)


def _items(backend: Backend, params: Obj) -> Obj:
    subscription = backend.need("subscription", params.get("subscription"), "subscription")
    return page("/v1/subscription_items", subscription["items"]["data"])


def _item(backend: Backend, params: Obj, id_: str) -> Obj:
    for subscription in backend.store.find("subscription", {"items.data[0].id": id_}):
        found: Obj = subscription["items"]["data"][0]
        return found
    raise StripeError.missing("subscription_item", id_)


ROUTES = [
    Route("GET", "/v1/subscriptions", p.SubscriptionListParams, _list, None),
    Route("GET", "/v1/subscriptions/{id}", p.SubscriptionRetrieveParams, retrieve_of("subscription")),
    Route("POST", "/v1/subscriptions/{id}", p.SubscriptionModifyParams, _update, _TAKES),
    Route("DELETE", "/v1/subscriptions/{id}", p.SubscriptionCancelParams, _cancel, frozenset({"cancellation_details"})),
    Route("GET", "/v1/subscription_items", p.SubscriptionItemListParams, _items, frozenset({"subscription"})),
    Route("GET", "/v1/subscription_items/{id}", p.SubscriptionItemRetrieveParams, _item),
]
