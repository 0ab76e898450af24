"""What an account has, read from its lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import DateTimeField, Exists, Q, QuerySet, Sum, Value
from django.utils import timezone

from accounts.models import User
from billing.models import CreditLot
from fmugateway.prepared import Given, Prepared


@dataclass(frozen=True)
class LotBalance:
    """One lot as its owner sees it."""

    id: str
    source: str
    label: str
    quantity: int
    remaining: int
    held: int
    frozen: bool
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Balance:
    """available: runs that can start now; held: of runs under way; debt: runs owed after a refund or a lost dispute."""

    available: int
    held: int
    debt: int
    lots: tuple[LotBalance, ...]


def available(user: User) -> int:
    """Runs that this account can start now. A debt blocks all of them."""
    total = _AVAILABLE.first(user=user.pk, now=timezone.now(), livemode=settings.STRIPE_LIVE_MODE)
    return total or 0


def debt(user: User) -> int:
    """Runs of refunded or lost payments that had been used."""
    owing = CreditLot.objects.filter(user=user, livemode=settings.STRIPE_LIVE_MODE, debt__gt=0)
    return owing.aggregate(total=Sum("debt"))["total"] or 0


def balance(user: User) -> Balance:
    """The account's lots that still matter: with runs left, under way, or owed; newest first."""
    mine = CreditLot.objects.filter(user=user, livemode=settings.STRIPE_LIVE_MODE)
    lots = tuple(_as_lot_balance(lot) for lot in mine if _matters(lot))
    return Balance(available=available(user), held=sum(lot.held for lot in lots), debt=debt(user), lots=lots)


def spendable(owned: Q) -> QuerySet[CreditLot]:
    """Lots that a run can be taken from, none while the account has a debt. Given: user (its pk), now, livemode."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=Given("now", DateTimeField()))
    owes = Exists(CreditLot.objects.filter(user_id=Given("user"), livemode=Given("livemode"), debt__gt=0))
    return CreditLot.objects.filter(in_time, owned, ~owes, livemode=Given("livemode"), remaining__gte=1, frozen="")


def _sum_of_spendable() -> QuerySet[CreditLot, int | None]:
    lots = spendable(Q(user_id=Given("user"))).order_by()
    return lots.values(all=Value(1)).annotate(total=Sum("remaining")).values_list("total", flat=True)


_AVAILABLE = Prepared(_sum_of_spendable)


def _matters(lot: CreditLot) -> bool:
    expired = lot.expires_at is not None and lot.expires_at <= timezone.now()
    return bool(lot.held or lot.debt or (lot.remaining and not expired))


def _as_lot_balance(lot: CreditLot) -> LotBalance:
    return LotBalance(
        id=lot.public_id,
        source=lot.source,
        label=lot.get_source_display(),
        quantity=lot.quantity,
        remaining=lot.remaining,
        held=lot.held,
        frozen=bool(lot.frozen),
        expires_at=lot.expires_at,
        created_at=lot.created_at,
    )
