"""Reserve a run, then charge for it or give it back. The only writer of holds.

hold > capture | release, each once per reference, each one conditional UPDATE on the lot and one entry.
Locks are taken in one order everywhere: payment, then lot; so two stories never wait for each other.
"""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from billing.balances import Balance, LotBalance, available, balance, debt, spendable
from billing.closing import close_after_commit
from billing.errors import AccountBlocked, HoldEnded, OutOfCredit
from billing.models import CreditEntry, CreditLot, EntryKind, Payment, PaymentStatus
from fmugateway.prepared import Given, Prepared, PreparedUpdate

__all__ = ["Balance", "LotBalance", "available", "balance", "capture", "charged", "charging", "hold", "release"]

ENDINGS = (EntryKind.CAPTURE, EntryKind.RELEASE)


def charging() -> bool:
    """Whether runs cost anything on this site."""
    return settings.STRIPE_ENABLED


def hold(*, reference: str, user: User | None = None, payment: Payment | None = None, is_new: bool = False) -> None:
    """Reserve one run for `reference`, in the caller's transaction if there is one; again for the same one: no change.

    A payment's own run is taken first, then the account's: trial, soonest expiry, free, oldest.
    is_new: nobody else knows the reference, which the caller's transaction creates: nothing can be held or paid for it.
    Raises OutOfCredit; AccountBlocked when the account owes runs or a dispute froze them; HoldEnded.
    """
    if not charging():
        return
    if is_new:
        _draw(reference, user, payment)
    elif not _held_already(reference):
        _draw_once(reference, user, payment)


def capture(reference: str) -> None:
    """The run is charged for. No-op when nothing is held, or when it was given back first."""
    _end_hold(reference, EntryKind.CAPTURE)


def release(reference: str) -> None:
    """The run costs nothing: its credit goes back where it came from. No-op when nothing is held."""
    _end_hold(reference, EntryKind.RELEASE)


def charged(reference: str) -> int:
    """1 when the run was charged for, else 0."""
    return len(_CAPTURED.all(reference=reference))


_CAPTURED = Prepared(
    lambda: CreditEntry.objects.filter(kind=EntryKind.CAPTURE, reference=Given("reference")).values_list("pk")
)


def _draw_once(reference: str, user: User | None, payment: Payment | None) -> None:
    """Another process may hold for the same reference between our look and our try; its hold is ours then."""
    try:
        with transaction.atomic():
            _draw(reference, user, payment)
            close_after_commit(reference)
    except (IntegrityError, OutOfCredit, AccountBlocked):
        if not _held_already(reference):
            raise


def _held_already(reference: str) -> bool:
    kinds = set(CreditEntry.objects.filter(reference=reference).values_list("kind", flat=True))
    if kinds & set(ENDINGS):
        raise HoldEnded(f"{reference} was settled already.")
    return EntryKind.HOLD in kinds


def _refuse_debtors(user: User) -> None:
    if owed := debt(user):
        runs = "1 run" if owed == 1 else f"{owed} runs"
        raise AccountBlocked(
            f"{runs} of a refunded or disputed purchase had been used already. "
            f"A new credit pack settles them: {settings.SITE_URL}/buy-credits"
        )


def _draw(reference: str, user: User | None, payment: Payment | None) -> None:
    """Take one run from the first lot that has one. Loops only when another run was faster on that lot."""
    while lot := _next_lot(user, payment):
        if _take(lot, reference):
            return
    if user is not None:
        _refuse_debtors(user)
    _refuse_frozen(user, payment)
    raise OutOfCredit("There is no run left.")


def _next_lot(user: User | None, payment: Payment | None) -> CreditLot | None:
    return _NEXT_LOT.first(**_owners(user, payment), now=timezone.now(), livemode=settings.STRIPE_LIVE_MODE)


def _in_order_of_use() -> QuerySet[CreditLot]:
    return spendable(_OWNED).order_by(
        _first_where(payment_id=Given("payment")),
        _first_where(source="trial"),
        F("expires_at").asc(nulls_last=True),
        _first_where(unit_value=0),
        "pk",
    )


def _first_where(**condition: object) -> Case:
    return Case(When(**condition, then=Value(0)), default=Value(1))


_NEXT_LOT = Prepared(lambda: _in_order_of_use()[:1])


# Lots of the account, and the payment's own. Whoever has a payment's token has no other run of whose account it is.
_OWNED = Q(user_id=Given("user")) | Q(payment_id=Given("payment"))


def _owners(user: User | None, payment: Payment | None) -> dict[str, int | None]:
    """What is given to a query of _OWNED; nobody owns nothing."""
    return {
        "user": user.pk if user else None,
        "payment": payment.pk if payment else None,
    }


def _take(lot: CreditLot, reference: str) -> bool:
    """False when somebody else took the last run of the lot, or it was frozen, since we looked."""
    payment = _locked_payment(lot)
    if not _TAKE.run(lot=lot.pk):
        return False
    CreditEntry.objects.create(lot=lot, kind=EntryKind.HOLD, delta=-1, reference=reference)
    if payment is not None:
        payment.filter(status=PaymentStatus.PAID).update(status=PaymentStatus.CONSUMED, simulation=reference)
    return True


_TAKE = PreparedUpdate(
    lambda: CreditLot.objects.filter(pk=Given("lot"), remaining__gte=1, frozen=""),
    remaining=F("remaining") - 1,
    held=F("held") + 1,
)


def _locked_payment(lot: CreditLot) -> QuerySet[Payment] | None:
    """The payment of a single run, whose state follows its lot; None for other lots."""
    if lot.source != "single_run" or lot.payment_id is None:
        return None
    payment = Payment.objects.filter(pk=lot.payment_id)
    list(payment.select_for_update())
    return payment


def _refuse_frozen(user: User | None, payment: Payment | None) -> None:
    if _FROZEN.first(**_owners(user, payment), livemode=settings.STRIPE_LIVE_MODE):
        raise AccountBlocked(
            "These runs are frozen while a dispute or a refund of their payment is open. "
            f"Write to {settings.SUPPORT_EMAIL}, or buy new runs: {settings.SITE_URL}/buy-credits"
        )


_FROZEN = Prepared(
    lambda: (
        CreditLot.objects.filter(_OWNED, remaining__gte=1, livemode=Given("livemode"))
        .exclude(frozen="")
        .values_list("pk")[:1]
    )
)


def _end_hold(reference: str, kind: EntryKind) -> None:
    # No savepoint of its own: whoever calls lets every error through, and its transaction is undone as a whole.
    with transaction.atomic(savepoint=False):
        by_kind = {entry.kind: entry for entry in _HOLD_AND_ENDINGS.all(reference=reference)}
        hold_entry = by_kind.pop(EntryKind.HOLD, None)
        if hold_entry is None or by_kind:
            return
        payment = _locked_payment(hold_entry.lot)
        try:
            with transaction.atomic():
                _write_ending(hold_entry, kind)
                if payment is not None and kind == EntryKind.RELEASE:
                    payment.filter(status=PaymentStatus.CONSUMED).update(status=PaymentStatus.PAID)
        except IntegrityError:
            # The constraint lets one ending in; the other process was first.
            if not CreditEntry.objects.filter(kind__in=ENDINGS, reference=reference).exists():
                raise


_HOLD_AND_ENDINGS = Prepared(
    lambda: CreditEntry.objects.filter(
        reference=Given("reference"), kind__in=(EntryKind.HOLD, *ENDINGS)
    ).select_related("lot")
)


def _write_ending(hold_entry: CreditEntry, kind: EntryKind) -> None:
    """The lot first: a refund at this moment waits for us, or we for it."""
    if kind == EntryKind.CAPTURE:
        _LET_GO.run(lot=hold_entry.lot_id)
        CreditEntry.objects.create(lot=hold_entry.lot, kind=kind, delta=0, reference=hold_entry.reference)
        return
    lot = CreditLot.objects.filter(pk=hold_entry.lot_id)
    # Locked: its debt must not change between our two looks at it.
    lot.select_for_update().get()
    # A lot whose money went back while the run was under way owes one run less now.
    if not lot.filter(debt__gte=1).update(held=F("held") - 1, debt=F("debt") - 1):
        lot.update(held=F("held") - 1, remaining=F("remaining") + 1)
    CreditEntry.objects.create(lot=hold_entry.lot, kind=kind, delta=1, reference=hold_entry.reference)


_LET_GO = PreparedUpdate(lambda: CreditLot.objects.filter(pk=Given("lot")), held=F("held") - 1)
