"""What operators watch of Stripe."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from djstripe.models import WebhookEventTrigger


def failed_webhooks(*, since: datetime) -> int:
    """How many webhooks were forged, or broke while they were processed, since then."""
    failed = Q(valid=False) | ~Q(exception="")
    return int(WebhookEventTrigger.objects.filter(failed, created__gte=since).count())
