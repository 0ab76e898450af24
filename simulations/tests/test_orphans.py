"""Files that no row knows are found and deleted; never one that a row knows or may get."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from fmugateway.models import StorageDay
from fmugateway.storage_walk import StorageWalk
from simulations.fmi.experiment import Outcome, Result, RunMetrics
from simulations.models import Simulation, Status
from simulations.services import execution, orphans, stored_files, uploads
from simulations.services.transition import transition
from simulations.tasks import run_simulation
from simulations.tests import fmus
from simulations.tests.worker import database_url
from simulations.visitor import Visitor

pytestmark = pytest.mark.usefixtures("free", "transactional_db", "storage")
SOLVED = Outcome(
    result=Result(columns=(), data=np.zeros(3, dtype=[("time", "f8")]), complete=True), error=None, metrics=RunMetrics()
)
# A worker's part of one run, in a process that is killed where its row should learn of the result.
KILLED_BEFORE_THE_COMMIT = """
import os, signal, sys, django
django.setup()
from simulations.services import execution, finish
from simulations.tasks import run_simulation
from simulations.tests.test_orphans import SOLVED
execution._run = lambda simulation, watch: SOLVED
finish.transition = lambda *args, **facts: os.kill(os.getpid(), signal.SIGKILL)
run_simulation.call(int(sys.argv[1]))
"""


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> None:
    """Of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "storage"


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is done at once; what is left to do is to store the result."""
    monkeypatch.setattr(execution, "_run", lambda simulation, watch: SOLVED)


def put(name: str, *, days: float = 2) -> str:
    """A file of that age."""
    default_storage.save(name, ContentFile(b"bytes"))
    then = time.time() - timedelta(days=days).total_seconds()
    os.utime(default_storage.path(name), times=(then, then))
    return name


def of_run(simulation: Simulation, number: int) -> str:
    return f"results/{simulation.public_id[-2:]}/{simulation.public_id}-{number:08x}.npy"


def walk() -> list[str]:
    """The names that are left after a walk through all pages, on a day that had none yet."""
    StorageDay.objects.all().delete()
    steps = StorageWalk()
    while steps.walk_storage():
        pass
    return [file.name for file in stored_files.page(after="", limit=1000)]


def made(**facts: object) -> Simulation:
    known = {"fmu_public_id": "fmu_1", "sha256": "0" * 64, "model_name": "Ball", "fmi_version": "2.0"}
    return Simulation.objects.create(**known | {"request": {}, "limits": {}} | facts)


def done(**facts: object) -> Simulation:
    return made(status=Status.SUCCEEDED, rows=1, finished_at=timezone.now(), **facts)


def going(**facts: object) -> Simulation:
    lease = timezone.now() + timedelta(seconds=9)
    return made(status=Status.RUNNING, claimed_by="host:1", lease_expires_at=lease, **facts)


def test_only_old_files_that_no_row_knows_go() -> None:
    finished, running = done(), going()
    finished.result = put(of_run(finished, 1))
    finished.save()
    upload = uploads.receive(fmus.upload(b"PK bytes"), sha256="a" * 64, visitor=Visitor()).fmu
    os.utime(default_storage.path(upload.archive), times=(0, 0))
    kept = [finished.result, upload.archive, put(of_run(running, 1)), put("notes/of the owner.txt")]
    kept.append(put(of_run(finished, 2), days=0.5))
    put(of_run(finished, 3))
    put("results/zz/sim_gonezz-00000001.npy")
    put(f"fmus/aa/{'a' * 64}-00000001.fmu")
    put(f"fmus/bb/{'b' * 64}-00000001.fmu")
    assert walk() == sorted(kept)


def test_what_was_deleted_is_told(caplog: pytest.LogCaptureFixture) -> None:
    name = put(f"fmus/bb/{'b' * 64}-00000001.fmu")
    walk()
    assert f"file={name} code=orphan_deleted" in caplog.text


def test_a_database_that_knows_hardly_any_file_deletes_none(caplog: pytest.LogCaptureFixture) -> None:
    """Such as an empty one, started by mistake on the storage of the real site."""
    names = [put(f"fmus/bb/{'b' * 64}-{number:08x}.fmu") for number in range(orphans.MANY + 1)]
    assert walk() == names
    assert "code=storage_unknown" in caplog.text


def test_pages_are_walked_in_order_and_nothing_is_left_out() -> None:
    names = sorted(put(f"notes/{name}") for name in ("a/b", "a-b", "a.b", "a/c/d", "b", "a0", "z/z/z"))
    found, after = [], ""
    while page := stored_files.page(after=after, limit=2):
        found += [file.name for file in page]
        after = page[-1].name
    assert found == names


def test_a_worker_killed_between_file_and_row_leaves_nothing_behind(solved: None, tmp_path: Path) -> None:
    run = made(status=Status.QUEUED)
    environment = {"DATABASE_URL": database_url(connection.settings_dict), "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", KILLED_BEFORE_THE_COMMIT, str(run.pk)]
    killed = subprocess.run(command, cwd=django_settings.BASE_DIR, env=os.environ | environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.glob("storage/results/*/*.npy")
    os.utime(left, times=(0, 0))
    walk()
    assert left.exists(), "Its row is running still."
    Simulation.objects.update(status=Status.QUEUED, claimed_by="", lease_expires_at=None)  # by the sweep, in a moment
    run_simulation.call(run.pk)
    run.refresh_from_db()
    assert walk() == [run.result]
    assert run.status == Status.SUCCEEDED


@pytest.mark.parametrize("moment", ["before_the_commit", "after_the_commit"])
def test_no_run_that_is_being_finished_loses_its_result(
    moment: str, solved: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walk in the middle of it that finds every file old enough."""
    monkeypatch.setattr(orphans, "AGE", timedelta(days=-1))

    def interrupted(*args: Any, **facts: Any) -> bool:
        if moment == "before_the_commit":
            assert len(walk()) == 1
        kept = transition(*args, **facts)
        if moment == "after_the_commit":
            assert len(walk()) == 1
        return kept

    monkeypatch.setattr("simulations.services.finish.transition", interrupted)
    run = made(status=Status.QUEUED)
    run_simulation.call(run.pk)
    run.refresh_from_db()
    assert walk() == [run.result]
