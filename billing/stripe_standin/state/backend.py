"""What every resource works with: the objects, the clock, and the events it causes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import stripe

from billing.stripe_standin import API_VERSION
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import make, visible
from billing.stripe_standin.state.store import Obj, Store

NO_REQUEST: Obj = {"id": None, "idempotency_key": None}


@dataclass
class Backend:
    store: Store
    base_url: str
    """Where people and programs reach the stand-in."""
    site_url: str
    """Where people go back to when a session names no page of its own."""
    on_event: Callable[[Obj], None] = lambda event: None
    first_deliveries: Callable[[], list[float]] = lambda: [0.0]
    """Seconds after which a fresh event leaves, once per delivery."""
    request: Obj = field(default_factory=lambda: dict(NO_REQUEST))
    """The API request at work, as events name it."""
    _moment: int | None = None

    @contextmanager
    def turn(self, request: Obj | None = None) -> Iterator[None]:
        """One request, click or control at a time; all of what it changes is kept, or nothing."""
        with self.store.transaction():
            self.request = request or dict(NO_REQUEST)
            yield

    def now(self) -> int:
        return self._moment or int(time.time())

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Act as if it were this second: how a subscription reaches its next month."""
        self._moment = moment
        try:
            yield
        finally:
            self._moment = None

    def add(self, cls: type[stripe.StripeObject], prefix: str, **values: Any) -> Obj:
        """Make an object and keep it; id, created and livemode come by themselves."""
        given = {"id": new_id(prefix), "created": self.now(), "livemode": False}
        known = {name: value for name, value in given.items() if name in cls.__annotations__}
        return self.store.add(make(cls, **{**known, **values}))

    def need(self, kind: str, id_: str | None, param: str = "id") -> Obj:
        """The object, or Stripe's `resource_missing`."""
        obj = self.store.get(id_, kind) if id_ else None
        if obj is None:
            raise StripeError.missing(kind, id_, param)
        return obj

    def emit(self, type_: str, obj: Obj, previous: Obj | None = None) -> Obj:
        """Record that something happened, and tell the webhook endpoints that want to know."""
        data = {"object": visible(obj)}
        if previous is not None:
            data["previous_attributes"] = visible(previous)
        endpoints = [e for e in self.store.find("webhook_endpoint", {"status": "enabled"}) if _wants(e, type_)]
        event = self.add(
            stripe.Event,
            "evt",
            type=type_,
            api_version=API_VERSION,
            data=data,
            pending_webhooks=len(endpoints),
            request=dict(self.request),
        )
        for endpoint in endpoints:
            for delay in self.first_deliveries():
                self.enqueue(endpoint["id"], event["id"], delay=delay)
        self.on_event(event)
        return event

    def enqueue(self, endpoint: str, event: str, *, delay: float = 0.0) -> None:
        """Put a delivery in the queue; it leaves once the transaction is kept."""
        self.store.execute(
            "INSERT INTO delivery (endpoint, event, attempt, due, state) VALUES (?, ?, 0, ?, 'pending')",
            endpoint,
            event,
            time.time() + delay,
        )


def _wants(endpoint: Obj, type_: str) -> bool:
    return "*" in endpoint["enabled_events"] or type_ in endpoint["enabled_events"]
