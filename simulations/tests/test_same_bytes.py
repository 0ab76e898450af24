"""The same bytes, uploaded and forgotten by several people at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from simulations.models import Fmu, FmuHolding
from simulations.services import intake, uploads
from simulations.tests import fmus
from simulations.visitor import Visitor

SHA256 = "a" * 64
# Whoever forgets has to wait for the lock; without one this is plenty.
MOMENT_SECONDS = 0.5


@pytest.fixture(autouse=True)
def nobody_looks_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of other tests would, and refuse these bytes."""
    monkeypatch.setattr(uploads, "enqueue_check", lambda fmu: None)


def bring() -> FmuHolding:
    return uploads.receive(fmus.upload(b"PK bytes"), sha256=SHA256, visitor=Visitor())


def forget(holding: FmuHolding) -> None:
    try:
        holding.delete()
    finally:
        connection.close()


def test_bytes_that_their_last_owner_forgets_at_this_moment_are_kept(transactional_db: None) -> None:
    forgetting = Thread(target=forget, args=[bring()])

    def look(execute: Callable[..., Any], sql: str, *details: Any) -> Any:
        """What happens between the look whether the bytes are there and what is made of it."""
        found = execute(sql, *details)
        if "simulations_fmu" in sql and forgetting.ident is None:
            forgetting.start()
            forgetting.join(MOMENT_SECONDS)
        return found

    with connection.execute_wrapper(look):
        holding = bring()
    forgetting.join()
    archive = Fmu.objects.get(pk=holding.fmu_id).archive
    assert archive
    assert default_storage.exists(archive)


def test_refused_bytes_that_come_again_are_stored_again(db: None) -> None:
    first = bring().fmu
    intake._refuse(first, "not_a_zip", "It is none.")
    again = bring().fmu
    assert (again.pk, again.status) == (first.pk, Fmu.Status.CHECKING)
    assert default_storage.exists(again.archive)


def test_no_row_waits_for_a_look_into_nothing(db: None) -> None:
    with pytest.raises(IntegrityError, match="fmu_archive_until_refused"), transaction.atomic():
        Fmu.objects.create(sha256=SHA256, size=1)


def test_bytes_that_were_lost_before_are_wanted_again(transactional_db: None) -> None:
    """Rows without an archive that a release before this one made."""
    call_command("migrate", "simulations", "0009", verbosity=0)
    try:
        Fmu.objects.create(sha256=SHA256, size=1, archive="")
    finally:
        call_command("migrate", "simulations", verbosity=0)
    assert default_storage.exists(bring().fmu.archive)
