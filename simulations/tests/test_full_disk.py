"""Without room on the disk new work is refused, and what cannot be kept leaves nothing behind and costs nothing."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from billing.grants import grant
from billing.ledger import available, hold
from billing.models import LotSource
from simulations.fmi.errors import SandboxError
from simulations.fmi.experiment import Outcome, Result, RunMetrics
from simulations.models import Fmu, FmuHolding, Simulation, Status
from simulations.services import disk, engine, execution, files, local_store
from simulations.tasks import run_simulation
from simulations.tests import fmus

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def short(settings: Settings) -> None:
    """Less is free than there must be."""
    settings.MIN_FREE_DISK_BYTES = 1 << 62


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage writes a part of a file, then there is no room."""
    save = default_storage.save
    monkeypatch.setattr(default_storage, "save", lambda name, content: save(name, CutShort(b"")))


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage is elsewhere and does not answer."""

    def save(name: str, content: Any) -> str:
        raise ConnectionError("no route to the bucket")

    monkeypatch.setattr(default_storage, "save", save)


@pytest.fixture
def going(user: User, monkeypatch: pytest.MonkeyPatch) -> Simulation:
    """A paid run that waits; its solver is done at once, and all that is left to do is to store the result."""
    grant(source=LotSource.GOODWILL, quantity=1, reference="test", user=user)
    run = Simulation.objects.create(
        user=user, fmu_public_id="fmu_1", sha256="0" * 64, model_name="Ball", fmi_version="2.0", request={}, limits={},
        status=Status.QUEUED, queued_at=timezone.now(),
    )  # fmt: skip
    hold(reference=run.public_id, user=user)
    result = Result(columns=(), data=np.zeros(3, dtype=[("time", "f8")]), complete=True)
    outcome = Outcome(result=result, error=None, metrics=RunMetrics())
    monkeypatch.setattr(execution, "_run", lambda simulation, watch: outcome)
    return run


class CutShort(ContentFile[bytes]):
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"the first half"
        raise OSError(errno.ENOSPC, "No space left on device")


def upload(client: Any, address: str = "/api/v1/fmus", **headers: str) -> Any:
    return client.post(address, {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, headers=headers)


def stored_files() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


@pytest.mark.usefixtures("short")
def test_an_upload_is_refused_before_a_byte_is_read(user: User) -> None:
    client = Client()
    client.force_login(user)
    answer = upload(client, accept="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert answer.headers["Retry-After"] == disk.RETRY_SECONDS
    assert Fmu.objects.count() == 0


@pytest.mark.usefixtures("short", "free")
def test_a_run_is_refused_before_anything_is_kept(anonymous: APIClient, ball: FmuHolding) -> None:
    answer = anonymous.post("/simulate", {"fmu_id": ball.public_id})
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert Simulation.objects.count() == 0


@pytest.mark.usefixtures("full")
def test_an_upload_that_finds_no_room_is_told_so_and_leaves_nothing(user: User) -> None:
    client, before = Client(raise_request_exception=False), stored_files()
    client.force_login(user)
    answer = upload(client)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert answer.headers["Retry-After"] == disk.RETRY_SECONDS
    assert (Fmu.objects.count(), stored_files()) == (0, before)


@pytest.mark.usefixtures("full")
def test_people_get_a_page_that_says_to_come_again(user: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    answer = upload(client, "/dashboard/models/", accept="text/html")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, disk.RETRY_SECONDS)
    assert "Something broke on our side" in answer.content.decode()


@pytest.mark.usefixtures("full")
def test_half_a_file_does_not_stay() -> None:
    before = stored_files()
    with pytest.raises(files.NotStored, match="No space"):
        files.save("results/half.npy", ContentFile(b"all of it"))
    assert stored_files() == before


@pytest.mark.usefixtures("away")
def test_an_object_storage_that_is_away_is_told_too(user: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    answer = upload(client)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert "storage does not answer" in answer.json()["detail"]


@pytest.mark.usefixtures("full")
def test_a_run_whose_result_finds_no_room_fails_and_costs_nothing(user: User, going: Simulation) -> None:
    run_simulation.call(going.pk)
    going.refresh_from_db()
    assert (going.status, going.error_code) == (Status.FAILED, "result_not_stored")
    assert available(user) == 1


@pytest.mark.usefixtures("away")
def test_a_run_whose_storage_is_away_has_a_second_try(user: User, going: Simulation) -> None:
    with pytest.raises(files.NotStored):
        run_simulation.call(going.pk)
    going.refresh_from_db()
    assert going.status == Status.RUNNING
    Simulation.objects.update(status=Status.QUEUED, claimed_by="", lease_expires_at=None)  # by the sweep, in a moment
    run_simulation.call(going.pk)
    going.refresh_from_db()
    assert (going.status, going.error_code) == (Status.FAILED, "result_not_stored")
    assert available(user) == 1


@pytest.mark.usefixtures("short")
def test_no_fmu_is_looked_into_on_a_short_disk() -> None:
    """Its compiler would fail, and the FMU would be blamed for good."""
    with pytest.raises(SandboxError, match="no room"):
        local_store.unpack("0" * 64, "fmus/any.fmu")


@pytest.mark.usefixtures("short")
def test_a_short_disk_forgets_the_fmus_that_nobody_runs(settings: Settings, tmp_path: Path) -> None:
    """However new they are: else strangers fill it with a few large uploads, and for an hour nobody can run."""
    settings.FMU_CACHE_DIR = tmp_path
    idle, running = (engine.store() / (digit * 64) for digit in "01")
    for folder in (idle, running):
        (folder / "resources").mkdir(parents=True)
    with local_store.using(running.name, "fmus/any.fmu"):
        local_store.make_room()
        assert (idle.exists(), running.exists()) == (False, True)
    local_store.make_room()
    assert list(running.parent.iterdir()) == []


def test_a_folder_that_is_deleted_at_this_moment_is_unpacked_anew(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FMU_CACHE_DIR = tmp_path
    folder = engine.store() / ("0" * 64)
    folder.mkdir(parents=True)
    unpacked = []
    lock = fcntl.flock

    def unpack(sha256: str, archive: str) -> None:
        folder.mkdir()
        unpacked.append(sha256)

    def too_late(descriptor: int, operation: int) -> None:
        """Between our opening of the folder and our lock on it."""
        if folder.exists() and not unpacked:
            folder.rename(folder.with_name(".leaving-0"))
        lock(descriptor, operation)

    monkeypatch.setattr(local_store, "unpack", unpack)
    monkeypatch.setattr(fcntl, "flock", too_late)
    with local_store.using(folder.name, "fmus/any.fmu"):
        assert unpacked == [folder.name]
        assert folder.is_dir()


def test_a_full_database_is_told_from_a_broken_one() -> None:
    assert disk.was_full(_refused_by_a_full_database())
    assert not disk.was_full(_refused("SELECT nothing FROM nowhere"))
    assert not disk.was_full(FileNotFoundError())


def _refused_by_a_full_database() -> DatabaseError:
    if connection.vendor == "postgresql":
        return _refused("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")
    _execute("PRAGMA max_page_count = 1")  # which SQLite takes for what it has
    try:
        return _refused("CREATE TABLE large AS SELECT randomblob(10000000)")
    finally:
        connection.close()


def _refused(statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as refused:
        _execute(statement)
    return refused.value


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
