"""The webhook endpoint at Stripe and its row here, whose secret Stripe tells only once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import stripe
from django.conf import settings
from django.urls import reverse
from djstripe.models import WebhookEndpoint

from billing.events import ACTIONS
from billing.stripe_api import client

MARK = "fmu_gateway"


def sync_endpoint(say: Callable[[str], Any], *, rotate: bool = False) -> None:
    """One working endpoint for this site. A lost secret, another API version or `rotate` makes a new one."""
    ours = _ours()
    kept = None if rotate else next((endpoint for endpoint in ours if _usable(endpoint)), None)
    for endpoint in ours:
        if endpoint is not kept:
            client().v1.webhook_endpoints.delete(endpoint.id)
            WebhookEndpoint.objects.filter(id=endpoint.id).delete()
    if kept is None:
        say(f"  webhook endpoint: {_create()}")
    elif sorted(kept.enabled_events) != sorted(ACTIONS) or kept.status != "enabled":
        _repair(kept)
        say("  webhook endpoint: repaired")


def _ours() -> list[stripe.WebhookEndpoint]:
    """Endpoints of this site. One account may serve several sites; a stand-in serves only us, wherever we were."""
    found = client().v1.webhook_endpoints.list({"limit": 100}).data
    here = f"{settings.SITE_URL}/"
    return [
        endpoint
        for endpoint in found
        if MARK in endpoint.metadata and (settings.STRIPE_STANDIN or endpoint.url.startswith(here))
    ]


def _usable(endpoint: stripe.WebhookEndpoint) -> bool:
    row = WebhookEndpoint.objects.filter(id=endpoint.id).exclude(secret="").first()
    version = endpoint.api_version == settings.STRIPE_API_VERSION
    return row is not None and version and endpoint.url == _address(row.djstripe_uuid)


def _create() -> str:
    """Answers its address."""
    id_ = uuid.uuid4()
    events: Any = list(ACTIONS)
    version: Any = settings.STRIPE_API_VERSION
    made = client().v1.webhook_endpoints.create(
        {
            "url": _address(id_),
            "enabled_events": events,
            "api_version": version,
            "metadata": {"djstripe_uuid": str(id_), MARK: "1"},
        }
    )
    WebhookEndpoint.sync_from_stripe_data(made, api_key=settings.STRIPE_SECRET_KEY)
    return made.url


def _repair(endpoint: stripe.WebhookEndpoint) -> None:
    events: Any = list(ACTIONS)
    client().v1.webhook_endpoints.update(endpoint.id, {"enabled_events": events, "disabled": False})


def _address(id_: uuid.UUID) -> str:
    return settings.SITE_URL + reverse("djstripe:djstripe_webhook_by_uuid", kwargs={"uuid": id_})
