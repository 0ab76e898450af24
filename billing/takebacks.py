"""Take runs back, or put them on ice: refunds, disputes, the end of their time."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from billing.grants import announce_after_commit
from billing.models import CreditEntry, CreditLot, EntryKind, Frozen


def take_back(lot: CreditLot, *, runs: int, cause: str) -> bool:
    """Make the runs taken back from `lot` because its money went back equal `runs`, no matter how often it is said.

    What is left goes first, what has lapsed counts as given up, what was used becomes a debt. When Stripe takes a
    refund back (it failed), so do we. Whether this call took any.
    """
    with transaction.atomic():
        locked = CreditLot.objects.select_for_update().get(pk=lot.pk)
        taken = -_sum(locked, EntryKind.REFUND)
        missing = runs - taken + _sum(locked, EntryKind.EXPIRE)
        if runs < taken:
            _give_back(locked, taken - runs, cause)
        elif missing > 0:
            _take(locked, missing, cause)
        return runs >= taken and missing > 0


def freeze(lot: CreditLot, reason: Frozen, *, if_unused: bool = False) -> bool:
    """Stop new runs from this lot. False when it was frozen for another reason, or is used and should not be."""
    rows = CreditLot.objects.filter(pk=lot.pk, frozen__in=("", reason))
    if if_unused:
        rows = rows.filter(remaining=lot.quantity)
    return bool(rows.update(frozen=reason))


def unfreeze(lot: CreditLot, reason: Frozen) -> None:
    """End a freeze, if it was for this reason; what waits for its runs starts."""
    if CreditLot.objects.filter(pk=lot.pk, frozen=reason).update(frozen="") and lot.user is not None:
        announce_after_commit(lot.user)


def expire_due() -> int:
    """Write off what is left in every lot whose time is over; answers how many lots. Runs in the sweep."""
    due = CreditLot.objects.filter(expires_at__lte=timezone.now(), remaining__gt=0)
    return sum(_expire(pk) for pk in due.values_list("pk", flat=True))


def _expire(pk: int) -> bool:
    with transaction.atomic():
        lot = CreditLot.objects.select_for_update().get(pk=pk)
        if lot.remaining == 0:
            return False
        CreditLot.objects.filter(pk=pk).update(remaining=0)
        _write(lot, EntryKind.EXPIRE, -lot.remaining, lot.public_id)
        return True


def _take(lot: CreditLot, runs: int, cause: str) -> None:
    from_rest = min(lot.remaining, runs)
    CreditLot.objects.filter(pk=lot.pk).update(
        remaining=F("remaining") - from_rest, debt=F("debt") + (runs - from_rest)
    )
    _write(lot, EntryKind.REFUND, -runs, cause)


def _give_back(lot: CreditLot, runs: int, cause: str) -> None:
    from_debt = min(lot.debt, runs)
    CreditLot.objects.filter(pk=lot.pk).update(
        debt=F("debt") - from_debt, remaining=F("remaining") + (runs - from_debt)
    )
    _write(lot, EntryKind.REFUND, runs, cause)


def _sum(lot: CreditLot, kind: EntryKind) -> int:
    return lot.entries.filter(kind=kind).aggregate(total=Sum("delta"))["total"] or 0


def _write(lot: CreditLot, kind: EntryKind, delta: int, cause: str) -> None:
    """A lot can lapse twice (a run that ends after the month gives back late), so the cause carries a count."""
    number = lot.entries.filter(kind=kind).count() + 1
    CreditEntry.objects.create(lot=lot, kind=kind, delta=delta, reference=f"{cause}:{number}")
