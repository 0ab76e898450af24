"""Fill a database with the history of a site that was busy: `python -m benchmarks.seed [SIMULATIONS]`.

A thousand accounts, each with its share of finished simulations and a sound ledger: one lot, and a hold and a capture
for half as many runs. One row of each kind is made by the models and then multiplied inside the database.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fmugateway.settings")
django.setup()

from django.core.management.color import no_style  # noqa: E402  after setup
from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from billing.grants import grant  # noqa: E402
from billing.ledger import capture, hold  # noqa: E402
from billing.models import CreditEntry, CreditLot, LotSource  # noqa: E402
from simulations.models import Simulation, Status  # noqa: E402

ACCOUNTS = 1000
EMAIL = "seed{number}@example.com"


def seed(simulations: int) -> None:
    """All of it in one transaction; the rows of account `number` belong to EMAIL."""
    runs = simulations // ACCOUNTS // 2
    with transaction.atomic():
        user = _multiplied_user()
        _multiply_ledger(user, runs)
        _multiply_simulations(user, simulations)
        _reset_sequences(User, CreditLot, CreditEntry, Simulation)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _multiplied_user() -> User:
    """The first of ACCOUNTS users with consecutive ids."""
    user = User.objects.create_user(EMAIL.format(number=0))
    _multiply(user, ACCOUNTS - 1, id=f"{user.pk} + n", email=_text("seed", "n", "@example.com"))
    return user


def _multiply_ledger(user: User, runs: int) -> None:
    lot = grant(source=LotSource.GOODWILL, quantity=runs + 100, reference="seed:0", user=user)
    hold(reference="seed:run:0", user=user)
    capture("seed:run:0")
    entries = {entry.kind: entry for entry in CreditEntry.objects.filter(lot=lot)}
    CreditLot.objects.filter(pk=lot.pk).update(remaining=100)
    lot.refresh_from_db()
    _multiply(lot, ACCOUNTS - 1, id=f"{lot.pk} + n", user_id=f"{user.pk} + n", public_id=_text("lot_seed", "n"))
    _multiply(entries["grant"], ACCOUNTS - 1, lot_id=f"{lot.pk} + n", reference=_text("seed:", "n"))
    for kind in ("hold", "capture"):
        _multiply(
            entries[kind],
            runs * ACCOUNTS - 1,
            lot_id=f"{lot.pk} + n % {ACCOUNTS}",
            reference=_text("seed:run:", "n"),
            created_at=_ago("n"),
        )


def _multiply_simulations(user: User, simulations: int) -> None:
    now = timezone.now()
    row = Simulation.objects.create(
        public_id="sim_seed0",
        share_key="seed0",
        user=user,
        fmu_public_id="fmu_seed",
        sha256="0" * 64,
        model_name="BouncingBall",
        fmi_version="2.0",
        request={"fmu_id": "fmu_seed", "stop_time": 3.0, "outputs": ["h", "v"]},
        limits={},
        columns=[{"name": "time", "unit": "s"}, {"name": "h", "unit": "m"}],
        status=Status.SUCCEEDED,
        rows=301,
        progress=1.0,
        run_seconds=0.02,
        cpu_seconds=0.02,
        queued_at=now,
        started_at=now,
        finished_at=now,
    )
    _multiply(
        row,
        simulations - 1,
        user_id=f"{user.pk} + n % {ACCOUNTS}",
        public_id=_text("sim_seed", "n"),
        share_key=_text("seed", "n"),
        created_at=_ago(f"{simulations} - n"),
    )


def _multiply(row: models.Model, times: int, **columns: str) -> None:
    """Insert the row `times` more times; `columns` are SQL expressions of n = 1, 2, ..."""
    table = connection.ops.quote_name(row._meta.db_table)
    found = [str(field.column) for field in row._meta.concrete_fields]
    names = [name for name in found if name != "id" or "id" in columns]
    listed = ", ".join(map(connection.ops.quote_name, names))
    values = ", ".join(columns.get(name, f"t.{connection.ops.quote_name(name)}") for name in names)
    series = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {times})"
    rows = f"SELECT {values} FROM s, {table} t WHERE t.id = {row.pk}"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({listed}) {series} {rows}")


def _text(*parts: str) -> str:
    """SQL of a text in which `n` is the number."""
    return " || ".join("CAST(n AS text)" if part == "n" else f"'{part}'" for part in parts)


def _ago(number: str) -> str:
    """SQL of a moment: eight seconds apart, so that a million fill three months."""
    if connection.vendor == "postgresql":
        return f"now() - ({number}) * interval '8 seconds'"
    return f"datetime('now', '-' || (({number}) * 8) || ' seconds')"


def _reset_sequences(*kinds: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(statement)


if __name__ == "__main__":
    seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
