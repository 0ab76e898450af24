"""dj-stripe has verified an event and stored what it carries; now we look again. An exception makes Stripe retry."""

from __future__ import annotations

import logging
from typing import Any

from djstripe.event_handlers import djstripe_receiver
from djstripe.models import Event

from billing.events import ACTIONS

log = logging.getLogger(__name__)


@djstripe_receiver(list(ACTIONS))  # type: ignore[untyped-decorator]  # dj-stripe is not typed
def on_event(sender: type[Event], event: Event, **kwargs: Any) -> None:
    thing = event.data["object"]
    log.info("event=%s type=%s object=%s", event.id, event.type, thing["id"])
    ACTIONS[event.type](thing)
