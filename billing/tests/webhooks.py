"""Stripe's part of a webhook, in the hand of a test: which event, when, how often, signed by whom."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse
from djstripe.models import WebhookEndpoint, WebhookEventTrigger

from billing.events import ACTIONS
from billing.tests.standin.client import StandIn


@dataclass
class Webhooks:
    standin: StandIn
    client: Client
    endpoint: WebhookEndpoint
    sent: set[str] = field(default_factory=set)

    def waiting(self) -> list[dict[str, Any]]:
        """Events that we are subscribed to and have not been sent, oldest first."""
        return [event for event in self.standin.events() if event["type"] in ACTIONS and event["id"] not in self.sent]

    def deliver(self) -> list[str]:
        """Everything that waits, once, in order. Answers the types; fails on anything but 200."""
        events = self.waiting()
        for event in events:
            answer = self.send(event)
            assert answer.status_code == 200, answer.content
        return [event["type"] for event in events]

    def send(
        self,
        event: dict[str, Any],
        *,
        secret: str | None = None,
        age: int = 0,
        headers: dict[str, str] | None = None,
        view: str = "djstripe:djstripe_webhook_by_uuid",
    ) -> Any:
        self.sent.add(event["id"])
        body = json.dumps(event)
        signature = sign(body, secret or self.endpoint.secret, int(time.time()) - age)
        address = reverse(view, args=[self.endpoint.djstripe_uuid])
        return self.client.post(
            address, body, content_type="application/json", headers={"stripe-signature": signature, **(headers or {})}
        )


def sign(body: str, secret: str, timestamp: int) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def kept(**fields: object) -> WebhookEventTrigger:
    """What dj-stripe keeps of a webhook that went well."""
    facts = {"remote_ip": "127.0.0.1", "headers": {}, "body": "{}", "valid": True, "processed": True}
    return WebhookEventTrigger.objects.create(**facts | fields)
