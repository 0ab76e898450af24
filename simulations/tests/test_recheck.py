"""What an older engine looked into is looked into again, by the workers, without being out of use."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from simulations.fmi.version import ENGINE
from simulations.models import Fmu, FmuHolding
from simulations.services import engine, local_store, recheck
from simulations.tests import fmus

pytestmark = pytest.mark.usefixtures("free")


@pytest.fixture
def old(ball: FmuHolding) -> Fmu:
    """The sample as an older engine saw it."""
    return aged(ball.fmu)


def aged(fmu: Fmu) -> Fmu:
    fmu.refresh_from_db()
    seen = {**(fmu.inspection or {}), "generation_tool": "an older engine's guess"}
    looked = timezone.now() - timedelta(days=1)
    Fmu.objects.filter(pk=fmu.pk).update(engine=ENGINE - 1, inspection=seen, checked_at=looked)
    fmu.refresh_from_db()
    return fmu


def run_command(**options: Any) -> str:
    out = io.StringIO()
    call_command("recheck_fmus", stdout=out, **options)
    return out.getvalue()


def tool_of_the_sample(api: APIClient) -> str:
    return str(api.get("/api/v1/fmus/sample:BouncingBall").json()["generation_tool"])


def test_every_page_tells_what_the_new_engine_found(api: APIClient, old: Fmu) -> None:
    assert tool_of_the_sample(api) == "an older engine's guess"
    assert "1 of 1" in run_command()
    assert tool_of_the_sample(api) != "an older engine's guess"
    assert Fmu.objects.get().engine == ENGINE


def test_what_is_done_is_not_done_again(old: Fmu) -> None:
    aged(fmus.load_sample("VanDerPol").fmu)
    assert recheck.run_batch([old.pk], seconds=30) == 1
    looked = Fmu.objects.get(pk=old.pk).checked_at
    assert "1 of 1" in run_command(batch=1)
    assert Fmu.objects.get(pk=old.pk).checked_at == looked
    assert not recheck.outdated().exists()


def test_archive_that_the_new_engine_refuses_stays_with_its_owner_and_says_why(api: APIClient, old: Fmu) -> None:
    default_storage.delete(old.archive)
    default_storage.save(old.archive, ContentFile(b"no archive at all"))
    run_command()
    body = api.get("/api/v1/fmus/sample:BouncingBall").json()
    assert (body["status"], body["verdict"]["runs"], body["model_name"]) == ("accepted", False, "BouncingBall")
    assert body["verdict"]["summary"].startswith("Runs here: no, not any more.")
    answer = api.post("/simulate", {"fmu_id": "sample:BouncingBall"})
    assert (answer.status_code, "not any more" in answer.json()["detail"]) == (422, True)
    default_storage.delete(old.archive)


def test_fmu_that_cannot_be_looked_into_stays_for_the_next_call(old: Fmu) -> None:
    default_storage.delete(old.archive)
    with pytest.raises(CommandError, match="No worker has looked into any"):
        run_command(seconds=1)
    assert list(recheck.outdated()) == [old]


def test_folders_of_an_older_engine_are_not_used_and_go_first(settings: Settings, tmp_path: Path) -> None:
    settings.FMU_CACHE_DIR, settings.FMU_CACHE_BYTES = tmp_path, 100
    long_ago = time.time() - 3600
    older, newer = tmp_path / f"engine-{ENGINE - 1}" / ("a" * 64), engine.store() / ("a" * 64)
    for folder, age in ((older, 1), (newer, 0)):
        folder.mkdir(parents=True)
        (folder / "model.so").write_bytes(b"x" * 80)
        os.utime(folder, (long_ago - age, long_ago - age))
    local_store.make_room()
    assert (older.exists(), newer.exists()) == (False, True)
