"""Rows of a small, known past: who ran what when, who paid what when. Written straight, at fixed times."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from billing.grants import grant
from billing.models import CashEntry, CreditEntry, CreditLot, LotSource, Payment, PaymentStatus
from simulations.models import FINAL, Simulation, Status

_numbers = itertools.count(1)
SOURCES = {"single_run": LotSource.SINGLE_RUN, "pack_10": LotSource.PACK, "pilot_250": LotSource.SUBSCRIPTION}
RUNS = {"single_run": 1, "pack_10": 10, "pilot_250": 250}


def at(text: str) -> datetime:
    """`2026-10-01 12:00`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def run(
    when: datetime,
    *,
    user: User | None = None,
    status: str = Status.SUCCEEDED,
    code: str = "",
    cpu: float = 1.0,
    wait: float = 0.02,
    lot: CreditLot | None = None,
    **fields: Any,
) -> Simulation:
    """A run that ended at `when`, after a second of work; with a lot, charged to it."""
    started = when - timedelta(seconds=1)
    fields = {"model_name": "Pump", "is_sample": False, "run_seconds": 1.0} | fields
    simulation = Simulation.objects.create(
        user=user,
        status=status,
        error_code=code,
        fmu_public_id="fmu_gone",
        sha256="0" * 64,
        fmi_version="2.0",
        request={},
        limits={},
        rows=10 if status == Status.SUCCEEDED else None,
        cpu_seconds=cpu,
        queued_at=started - timedelta(seconds=wait),
        started_at=started,
        finished_at=when if status in FINAL else None,
        **fields,
    )
    if lot:
        CreditEntry.objects.create(lot=lot, kind="hold", delta=-1, reference=simulation.public_id, created_at=started)
        CreditEntry.objects.create(lot=lot, kind="capture", delta=0, reference=simulation.public_id, created_at=when)
        CreditLot.objects.filter(pk=lot.pk).update(remaining=lot.remaining - 1)
        lot.refresh_from_db()
    return simulation


def free_lot(user: User, when: datetime, runs: int = 3) -> CreditLot:
    """Trial runs."""
    lot = grant(source=LotSource.TRIAL, quantity=runs, reference=f"trial:{user.pk}", user=user)
    return _backdated(lot, when)


def sale(
    product: str,
    when: datetime,
    *,
    amount: int,
    fee: int,
    user: User | None = None,
    refunded: tuple[datetime, int] | None = None,
    lost: datetime | None = None,
    **fields: Any,
) -> Payment:
    """Paid at `when`: cash, Stripe's fee, runs; perhaps a refund, or a dispute that was lost with its fee of GBP 20."""
    livemode, currency = fields.setdefault("livemode", False), fields.setdefault("currency", "gbp")
    fields = {"created_at": when, "customer": f"cus_{user.pk}" if user else ""} | fields
    payment = Payment.objects.create(
        user=user, product=product, runs=RUNS[product], amount=amount, status=PaymentStatus.PAID, paid_at=when, **fields
    )
    source, runs = SOURCES[product], RUNS[product]
    ends = when + timedelta(days=31) if product == "pilot_250" else None
    lot = grant(
        source=source,
        quantity=runs,
        reference=payment.public_id,
        user=user,
        payment=payment,
        unit_value=amount // runs,
        expires_at=ends,
    )
    _backdated(lot, when)
    moves = [("payment", amount, when), ("fee", -fee, when)]
    moves += [("refund", -refunded[1], refunded[0])] if refunded else []
    moves += [("dispute", -amount, lost), ("fee", -2000, lost)] if lost else []
    for kind, moved, moment in moves:
        CashEntry.objects.create(
            payment=payment,
            kind=kind,
            amount=moved,
            currency=currency,
            livemode=livemode,
            stripe_id=f"ch_{next(_numbers)}",
            occurred_at=moment,
        )
    return payment


def _backdated(lot: CreditLot, when: datetime) -> CreditLot:
    CreditLot.objects.filter(pk=lot.pk).update(created_at=when)
    lot.refresh_from_db()
    return lot
