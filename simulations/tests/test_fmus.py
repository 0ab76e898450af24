"""FMUs: upload once, look inside, search the variables, download, forget."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from simulations.models import Fmu, FmuHolding
from simulations.services import retention, samples
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")


def upload(client: APIClient, content: bytes) -> Any:
    return client.post("/api/v1/fmus", {"fmu": fmus.upload(content, "My Model.fmu")}, format="multipart")


@pytest.fixture
def mine(api: APIClient, worker: WorkerProcess) -> dict[str, Any]:
    body: dict[str, Any] = upload(api, fmus.variant("BouncingBall")).json()
    return body


def test_an_upload_says_what_is_inside(api: APIClient, worker: WorkerProcess) -> None:
    response = upload(api, fmus.variant("BouncingBall"))
    body = response.json()
    assert (response.status_code, response.headers["Location"]) == (201, body["url"])
    assert (body["status"], body["model_name"], body["fmi_version"]) == ("accepted", "BouncingBall", "2.0")
    assert body["verdict"]["runs"] is True
    assert body["file_name"] == "My Model.fmu"
    assert body["variables"]["count"] == sum(body["variables"]["by_causality"].values()) > 5


def test_the_same_bytes_again_are_the_same_fmu(api: APIClient, mine: dict[str, Any]) -> None:
    assert upload(api, fmus.variant("BouncingBall")).json()["id"] == mine["id"]
    assert (Fmu.objects.count(), FmuHolding.objects.count()) == (1, 1)


def test_the_samples_are_listed_for_everybody(anonymous: APIClient, ball: FmuHolding) -> None:
    listed = anonymous.get("/api/v1/fmus?owner=samples").json()["results"]
    assert [(fmu["id"], fmu["is_sample"]) for fmu in listed] == [("sample:BouncingBall", True)]


def test_the_list_is_mine(api: APIClient, stranger: APIClient, mine: dict[str, Any], ball: FmuHolding) -> None:
    assert [fmu["id"] for fmu in api.get("/api/v1/fmus").json()["results"]] == [mine["id"]]
    assert stranger.get("/api/v1/fmus").json()["results"] == []


def test_a_list_without_a_name_is_401(anonymous: APIClient, worker: WorkerProcess) -> None:
    for address in ("/api/v1/fmus", "/api/v1/simulations"):
        response = anonymous.get(address)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_variables_are_searched_and_sliced(api: APIClient, mine: dict[str, Any]) -> None:
    url = mine["variables"]["url"]
    parameters = api.get(url, {"causality": "parameter", "limit": "1"}).json()
    assert parameters["count"] == mine["variables"]["by_causality"]["parameter"]
    assert len(parameters["results"]) == 1
    assert api.get(parameters["next"]).json()["results"] != parameters["results"]
    found = api.get(url, {"search": "RESTIT"}).json()["results"]
    assert [variable["name"] for variable in found] == ["e"]


def test_an_unknown_causality_is_named(api: APIClient, mine: dict[str, Any]) -> None:
    response = api.get(mine["variables"]["url"], {"causality": "outputs"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "causality")


def test_the_owner_downloads_the_very_bytes(api: APIClient, mine: dict[str, Any]) -> None:
    response: Any = api.get(f"{mine['url']}/download")
    assert b"".join(response.streaming_content) == fmus.variant("BouncingBall")
    assert 'filename="My Model.fmu"' in response.headers["Content-Disposition"]


def test_everybody_downloads_a_sample(anonymous: APIClient, ball: FmuHolding) -> None:
    response: Any = anonymous.get("/api/v1/fmus/sample:BouncingBall/download")
    assert b"".join(response.streaming_content) == fmus.sample_path("BouncingBall").read_bytes()


def test_somebody_elses_fmu_is_not_there(stranger: APIClient, mine: dict[str, Any]) -> None:
    for address in (mine["url"], f"{mine['url']}/download", mine["variables"]["url"]):
        assert stranger.get(address).status_code == 404
    assert stranger.delete(mine["url"]).status_code == 404


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("BouncingBall", "There is no FMU 'BouncingBall'. Did you mean 'sample:BouncingBall'?"),
        ("sample:bouncing_ball", "There is no FMU 'sample:bouncing_ball'. Did you mean 'sample:BouncingBall'?"),
        ("sample:nope", "There is no sample 'sample:nope'. There are: sample:BouncingBall."),
        ("fmu_nope", "There is no FMU 'fmu_nope', or it is not yours. GET /api/v1/fmus lists yours, "),
    ],
)
def test_an_unknown_fmu_is_told_with_the_next_step(
    anonymous: APIClient, ball: FmuHolding, reference: str, words: str
) -> None:
    response = anonymous.post("/simulate", {"fmu_id": reference})
    assert (response.status_code, response.json()["code"]) == (404, "unknown_fmu")
    assert response.json()["detail"].startswith(words)


def test_nobody_deletes_a_sample(api: APIClient, ball: FmuHolding) -> None:
    assert api.delete("/api/v1/fmus/sample:BouncingBall").status_code == 404


def test_a_deleted_fmu_is_gone_and_its_bytes_too(api: APIClient, mine: dict[str, Any]) -> None:
    archive = Fmu.objects.get().archive
    assert api.delete(mine["url"]).status_code == 204
    assert api.get(mine["url"]).status_code == 404
    assert not default_storage.exists(archive)


def test_deleting_mine_leaves_the_other_owners(api: APIClient, stranger: APIClient, mine: dict[str, Any]) -> None:
    theirs = upload(stranger, fmus.variant("BouncingBall")).json()
    api.delete(mine["url"])
    assert stranger.get(f"{theirs['url']}/download").status_code == 200


def test_an_fmu_with_a_run_going_is_not_deleted(api: APIClient, worker: WorkerProcess) -> None:
    fmu = upload(api, fmus.variant("VanDerPol")).json()
    endless = {
        "fmu_id": fmu["id"],
        "interface_type": "ModelExchange",
        "solver": "Euler",
        "step_size": 1e-6,
        "stop_time": 90,
    }
    run = api.post("/simulate", endless, headers={"prefer": "wait=0"}).json()
    assert api.delete(fmu["url"]).json()["code"] == "fmu_in_use"
    api.post(f"{run['url']}/cancel")
    assert api.delete(fmu["url"]).status_code == 204


def test_a_guest_uses_its_upload_by_id_but_cannot_fetch_or_delete_it(
    anonymous: APIClient, worker: WorkerProcess
) -> None:
    fmu = upload(anonymous, fmus.variant("BouncingBall")).json()
    assert anonymous.post("/simulate", {"fmu_id": fmu["id"]}).json()["fmu"]["id"] == fmu["id"]
    assert anonymous.get(f"{fmu['url']}/download").status_code == 404
    assert anonymous.delete(fmu["url"]).status_code == 404


def test_a_guests_upload_goes_after_its_days(anonymous: APIClient, worker: WorkerProcess) -> None:
    upload(anonymous, fmus.variant("BouncingBall"))
    FmuHolding.objects.update(last_used_at=timezone.now() - timedelta(days=8))
    assert retention.forget_old_guest_fmus() == 1
    assert Fmu.objects.count() == 0


def test_a_sample_that_is_built_anew_keeps_its_name(ball: FmuHolding) -> None:
    old = ball.fmu
    other = fmus.load_sample("VanDerPol").fmu
    samples.point("BouncingBall", other)
    assert FmuHolding.objects.get(public_id="sample:BouncingBall").fmu == other
    assert not Fmu.objects.filter(pk=old.pk).exists()
