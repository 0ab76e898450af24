"""The Enterprise Pilot of an account, as dj-stripe's rows tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from djstripe.models import Subscription

from accounts.models import User

RUNNING = ("active", "trialing", "past_due", "unpaid")


@dataclass(frozen=True)
class SubscriptionView:
    """period_end: the end of the month that was paid last; it renews then unless `ends` says it stops."""

    id: str
    status: str
    period_end: datetime | None
    ends: bool

    @property
    def overdue(self) -> bool:
        return self.status in ("past_due", "unpaid")


def has_subscription(user: User) -> bool:
    """Whether another one would be one too many."""
    return _running(user).exists()


def subscription_of(user: User) -> SubscriptionView | None:
    """The running subscription, if there is one."""
    row = _running(user).first()
    return _view(row.stripe_data) if row else None


def _running(user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = Subscription.objects.filter(
        customer__subscriber=user, livemode=settings.STRIPE_LIVE_MODE, stripe_data__status__in=RUNNING
    )
    return rows.order_by("-created")


def _view(data: dict[str, Any]) -> SubscriptionView:
    return SubscriptionView(
        id=data["id"],
        status=data["status"],
        period_end=period_end(data),
        ends=bool(data["cancel_at_period_end"] or data.get("cancel_at")),
    )


def period_end(data: dict[str, Any]) -> datetime | None:
    """dj-stripe's own current_period_end reads a field that Stripe moved to the items."""
    ends = [item["current_period_end"] for item in data["items"]["data"]]
    return datetime.fromtimestamp(max(ends), UTC) if ends else None
