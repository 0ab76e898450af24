"""Deleting an account takes its models and results along and leaves what others have."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import delete_account
from simulations.models import Fmu, FmuHolding, Simulation
from simulations.samples import FOLDER
from simulations.tests.worker import WorkerProcess


def upload(client: APIClient) -> Any:
    file = SimpleUploadedFile("Ball.fmu", (FOLDER / "BouncingBall.fmu").read_bytes())
    return client.post("/api/v1/fmus", {"fmu": file}, format="multipart").json()


def test_models_results_and_files_go_with_the_account(
    worker: WorkerProcess, api: APIClient, user: User, settings: Any
) -> None:
    settings.STRIPE_ENABLED = False
    fmu = upload(api)["id"]
    assert api.post("/simulate", {"fmu_id": fmu}, format="json").json()["status"] == "succeeded"
    archive, result = Fmu.objects.get().archive, Simulation.objects.get().result
    assert default_storage.exists(archive)
    assert default_storage.exists(result)

    delete_account(user)

    assert not FmuHolding.objects.exists()
    assert not Simulation.objects.exists()
    assert not default_storage.exists(archive)
    assert not default_storage.exists(result)


def test_somebody_else_keeps_the_same_bytes(
    worker: WorkerProcess, api: APIClient, stranger: APIClient, user: User
) -> None:
    upload(api)
    theirs = upload(stranger)["id"]
    delete_account(user)
    assert stranger.get(f"/api/v1/fmus/{theirs}").status_code == 200
    assert default_storage.exists(Fmu.objects.get().archive)
