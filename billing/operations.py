"""What operators watch of Stripe."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from djstripe.models import WebhookEventTrigger

# dj-stripe keeps every webhook with its body, forged ones too; Stripe itself shows 30 days of them.
KEEP_WEBHOOKS = timedelta(days=30)
WEBHOOK_BATCH = 1000


def failed_webhooks(*, after: int, since: datetime, until: datetime) -> tuple[int, int]:
    """The newest webhook's id, and how many were forged or broke while they were processed.

    Of those with an id higher than `after`: there is no index on time. 0 as newest id: there were none.
    """
    failed = Count("pk", filter=Q(valid=False) | ~Q(exception=""))
    rows = WebhookEventTrigger.objects.filter(pk__gt=after, created__gte=since, created__lt=until)
    found = rows.aggregate(newest=Max("pk"), failed=failed)
    return found["newest"] or 0, found["failed"]


def forget_old_webhooks() -> int:
    """What came in long ago, at most WEBHOOK_BATCH; what it told us stands in our own rows."""
    oldest = WebhookEventTrigger.objects.order_by("pk").values_list("pk", "created")[:WEBHOOK_BATCH]
    old = [pk for pk, created in oldest if created < timezone.now() - KEEP_WEBHOOKS]
    return int(WebhookEventTrigger.objects.filter(pk__in=old).delete()[0])
