"""What a real worker process writes into its log: every line names the run or the FMU that it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from simulations.log_context import about
from simulations.models import Fmu, FmuHolding, Simulation, Status
from simulations.services import local_store, waiting
from simulations.services.queue import enqueue_check, enqueue_run
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")


def lines_with(worker: WorkerProcess, word: str) -> list[dict[str, Any]]:
    """Waits for the first one."""
    waiting.until(lambda: word in worker.log.read_text(), seconds=20)
    return [json.loads(line) for line in worker.log.read_text().splitlines() if word in line]


def test_trouble_with_a_run_names_the_run_and_the_request_that_asked_for_it(
    api: APIClient, worker: WorkerProcess
) -> None:
    upload = {"fmu": fmus.upload(fmus.variant("BouncingBall", extra={"documentation/lost.txt": b"lost"}))}
    fmu = Fmu.objects.get(holdings__public_id=api.post("/api/v1/fmus", upload, format="multipart").json()["id"])
    default_storage.delete(fmu.archive)
    local_store.forget(fmu.sha256)
    answer = api.post("/simulate", {"fmu_id": f"sha256:{fmu.sha256}"})
    run = Simulation.objects.get(public_id=answer.json()["id"])
    assert run.error_code == "sandbox_error"
    both_attempts = lines_with(worker, run.public_id)
    assert [line["code"] for line in both_attempts] == ["sandbox_error"] * 2
    assert {line["simulation"] for line in both_attempts} == {run.public_id}
    assert {line["request_id"] for line in both_attempts} == {answer.headers["X-Request-Id"]}


def test_an_unforeseen_error_names_its_work_wherever_it_is_caught(ball: FmuHolding, worker: WorkerProcess) -> None:
    """The queue's own code logs it, after our task is over."""
    run = Simulation.objects.create(
        fmu_public_id=ball.public_id, sha256=ball.fmu.sha256, model_name="A", fmi_version="2.0", request={}, limits={},
        status=Status.QUEUED, queued_at=timezone.now(),
    )  # fmt: skip
    with about(request_id="req_1"):
        enqueue_run(run)
    waiting.until(lambda: "KeyError" in worker.log.read_text(), seconds=20)
    (line,) = [line for line in lines_with(worker, run.public_id) if "traceback" in line]
    assert line["logger"] == ("celery.app.trace" if settings.TASKS_BROKER_URL else "django.tasks")
    assert "KeyError" in line["traceback"]
    assert (line["simulation"], line["request_id"]) == (run.public_id, "req_1")


def test_bytes_that_our_storage_lost_are_refused_for_now_and_may_be_uploaded_again(worker: WorkerProcess) -> None:
    fmu = Fmu.objects.create(sha256="5" * 64, size=1, archive="fmus/lost.fmu")
    enqueue_check(fmu)
    assert waiting.until_checked(fmu, seconds=20)
    assert (fmu.status, fmu.refusal_code) == (Fmu.Status.REFUSED, "sandbox_error")
    assert "fmus/lost.fmu" not in fmu.refusal_message
    assert "fmus/lost.fmu" in lines_with(worker, fmu.sha256)[0]["event"]
