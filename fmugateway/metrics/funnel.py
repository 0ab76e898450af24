"""From being asked for money to the result, for single runs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from billing.models import Payment
from fmugateway.metrics.numbers import Share, Spread, spread_of
from fmugateway.metrics.period import Period
from simulations.models import Simulation, Status


@dataclass(frozen=True)
class Step:
    """share: of all who were asked. seconds: from the step before, of those who got here (p50 is the median)."""

    name: str
    share: Share
    seconds: Spread


@dataclass(frozen=True)
class Funnel:
    """Funnel: 402 answered > Checkout opened > paid > result delivered, of the payments begun in the period.

    A payment is begun by an answer 402, once for a run, and by POST /pay. Who paid has opened Checkout, even where a
    program handed out Stripe's own address and we did not see it. pay_to_result: seconds from paid to the run's end.
    """

    steps: tuple[Step, ...]
    pay_to_result: Spread


def funnel(period: Period) -> Funnel:
    asked = _asked(period)
    counts = asked.aggregate(
        asked=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False) | Q(paid_at__isnull=False)),
        paid=Count("pk", filter=Q(paid_at__isnull=False)),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
    )

    def step(name: str, key: str, seconds: Spread) -> Step:
        return Step(name, Share(counts[key], counts["asked"]), seconds)

    pay_to_result = _between(asked, "paid_at", "delivered_at")
    return Funnel(
        steps=(
            step("402 answered", "asked", spread_of([])),
            step("Checkout opened", "opened", _between(asked, "created_at", "opened_at")),
            step("Paid", "paid", _between(asked, "seen_at", "paid_at")),
            step("Result delivered", "delivered", pay_to_result),
        ),
        pay_to_result=pay_to_result,
    )


def _asked(period: Period) -> QuerySet[Payment]:
    """delivered_at: when the run that was paid for succeeded. seen_at: when Checkout can have been opened at last."""
    run = Simulation.objects.filter(public_id=OuterRef("simulation"), status=Status.SUCCEEDED)
    begun = Payment.objects.filter(
        product="single_run",
        livemode=settings.STRIPE_LIVE_MODE,
        created_at__gte=period.start_at,
        created_at__lt=period.end_at,
    )
    delivered = Case(When(paid_at__isnull=False, then=Subquery(run.values("finished_at")[:1])))
    # Asked again for the same run, the older payment was closed: only the last one counts.
    later = Payment.objects.filter(simulation=OuterRef("simulation"), pk__gt=OuterRef("pk"))
    begun = begun.filter(Q(simulation="") | ~Exists(later))
    return begun.annotate(delivered_at=delivered, seen_at=Coalesce("opened_at", "created_at")).order_by()


def _between(payments: QuerySet[Payment], start: str, end: str) -> Spread:
    both = payments.filter(**{f"{start}__isnull": False, f"{end}__isnull": False}).values_list(start, end)
    return spread_of([max(0.0, (later - earlier).total_seconds()) for earlier, later in both])
