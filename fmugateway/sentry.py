"""Errors to Sentry, when SENTRY_DSN is set: stack traces with our ids, never values, bodies or credentials."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event

from simulations import log_context


def start(dsn: str, **options: Any) -> None:
    """options: of sentry_sdk.init, where a test needs others."""
    sentry_sdk.init(
        dsn=dsn,
        **options,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        before_send=_with_ids,
    )


def _with_ids(event: Event, hint: dict[str, Any]) -> Event:
    """Keep the address, drop what may be secret in the rest of the request: a share link's key is in its path."""
    request = event.get("request")
    if isinstance(request, dict):
        event["request"] = {"method": request.get("method")}
    error = hint.get("exc_info", (None, None))[1]
    event.setdefault("tags", {}).update(log_context.fields(error))
    return event
