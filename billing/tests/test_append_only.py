"""Rows of the two ledgers are written once; constraints say what may be written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from billing.models import CashEntry, CreditEntry, CreditLot, EntryKind, LotSource, Payment
from billing.models.append_only import AppendOnly
from billing.tests.giving import Give


@pytest.fixture
def entry(give: Give) -> CreditEntry:
    return give(5).entries.get()


def test_model_refuses_to_change_an_entry(entry: CreditEntry) -> None:
    entry.delta = 500
    with pytest.raises(AppendOnly):
        entry.save()


def test_model_refuses_to_delete_an_entry(entry: CreditEntry) -> None:
    with pytest.raises(AppendOnly):
        entry.delete()


@pytest.mark.parametrize("model", [CreditEntry, CashEntry])
def test_querysets_refuse_too(db: None, model: type[CreditEntry | CashEntry]) -> None:
    with pytest.raises(AppendOnly):
        model.objects.update(reference="x")
    with pytest.raises(AppendOnly):
        model.objects.all().delete()
    with pytest.raises(AppendOnly):
        model.objects.bulk_update([], ["kind"])


def test_database_itself_refuses_to_change_an_entry(entry: CreditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_creditentry SET delta = 500")


def test_lot_with_entries_cannot_be_deleted(entry: CreditEntry) -> None:
    with pytest.raises(IntegrityError):
        entry.lot.delete()


def test_admin_cannot_write_the_ledger(entry: CreditEntry, admin_client: Client) -> None:
    for name in ("creditentry", "creditlot", "payment", "cashentry"):
        assert admin_client.get(f"/admin/billing/{name}/").status_code == 200
        assert admin_client.get(f"/admin/billing/{name}/add/").status_code == 403
    assert admin_client.post(f"/admin/billing/creditentry/{entry.pk}/change/", {"delta": 5}).status_code == 403
    assert admin_client.post(f"/admin/billing/creditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def refused(make: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_one_entry_for_one_cause(entry: CreditEntry) -> None:
    again = {"lot": entry.lot, "kind": "hold", "delta": -1, "reference": "sim_1"}
    CreditEntry.objects.create(**again)
    assert refused(lambda: CreditEntry.objects.create(**again))


def test_hold_ends_once_in_the_database(entry: CreditEntry) -> None:
    CreditEntry.objects.create(lot=entry.lot, kind=EntryKind.CAPTURE, delta=0, reference="sim_1")
    assert refused(
        lambda: CreditEntry.objects.create(lot=entry.lot, kind=EntryKind.RELEASE, delta=1, reference="sim_1")
    )


@pytest.mark.parametrize(
    ("kind", "delta"),
    [("grant", -1), ("hold", 1), ("hold", -2), ("capture", -1), ("release", 2), ("expire", 1), ("refund", 0), ("x", 1)],
)
def test_sign_fits_the_kind(entry: CreditEntry, kind: str, delta: int) -> None:
    assert refused(lambda: CreditEntry.objects.create(lot=entry.lot, kind=kind, delta=delta, reference="x"))


@pytest.mark.parametrize(
    "change",
    [
        {"remaining": -1},
        {"held": -1},
        {"debt": 1},
        {"debt": 6, "remaining": 0},
        {"frozen": "because"},
        {"source": "gift"},
        {"unit_value": 80},
        {"source": "pack"},
    ],
)
def test_lot_that_cannot_be_is_refused(entry: CreditEntry, change: dict[str, object]) -> None:
    assert refused(lambda: CreditLot.objects.filter(pk=entry.lot_id).update(**change))


@pytest.mark.parametrize("change", [{"status": "gone"}, {"status": "open"}, {"paid_at": None}, {"runs": 0}])
def test_payment_that_cannot_be_is_refused(guest_payment: Payment, change: dict[str, object]) -> None:
    assert refused(lambda: Payment.objects.filter(pk=guest_payment.pk).update(**change))


def test_account_has_one_trial_in_the_database(give: Give) -> None:
    give(3, LotSource.TRIAL, expires_at=timezone.now() + timedelta(days=1))
    assert refused(lambda: give(3, LotSource.TRIAL))
