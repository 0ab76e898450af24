"""POST /simulate from end to end: through the API, the queue, a real worker and a real cage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from simulations.models import Fmu, FmuHolding, Simulation
from simulations.tests import fmus
from simulations.tests.conftest import client_of
from simulations.tests.engine.workshop import make_fmu, zipped
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")

# A run that takes far longer than any test waits for it.
ENDLESS: dict[str, Any] = {"fmu_id": "sample:VanDerPol", "interface_type": "ModelExchange", "solver": "Euler",
           "step_size": 1e-6, "output_interval": 0.1, "stop_time": 90}  # fmt: skip


def run(client: APIClient, body: dict[str, Any], **headers: str) -> Any:
    return client.post("/simulate", body, headers=headers)


def test_anybody_runs_a_sample_and_gets_its_curve(anonymous: APIClient, ball: FmuHolding) -> None:
    response = run(anonymous, {"fmu_id": "sample:BouncingBall", "stop_time": 1, "output_interval": 0.5})
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["progress"], body["error"]) == ("succeeded", 1.0, None)
    assert body["result"]["data"]["time"] == [0.0, 0.5, 1.0]
    assert body["result"]["columns"][:2] == [{"name": "time", "unit": "s"}, {"name": "h", "unit": "m"}]
    assert body["result"]["complete"] is True


def test_the_effective_request_shows_every_default(anonymous: APIClient, ball: FmuHolding) -> None:
    request = run(anonymous, {"fmu_id": "sample:BouncingBall"}).json()["request"]
    assert request["fmu_id"] == "sample:BouncingBall"
    assert request["interface_type"] == "CoSimulation"
    assert request["stop_time"] > request["start_time"] == 0
    assert request["outputs"][:2] == ["h", "v"]


def test_the_effective_request_is_what_ran_where_it_was_left_open(
    api: APIClient, worker: WorkerProcess, tmp_path: Path
) -> None:
    archive = zipped(make_fmu(tmp_path / "decay", "-DNO_CO_SIMULATION"))
    body = api.post("/simulate", {"fmu": fmus.upload(archive.read_bytes())}, format="multipart").json()
    assert body["status"] == "succeeded", body["error"]
    ran = [body["request"][name] for name in ("interface_type", "solver", "step_size", "relative_tolerance")]
    assert ran == ["ModelExchange", "CVode", None, 1e-5]


def test_start_values_change_the_curve(anonymous: APIClient, ball: FmuHolding) -> None:
    bodies = [run(anonymous, {"fmu_id": "sample:BouncingBall", "start_values": {"h": h}}).json() for h in (1, 2)]
    assert [body["result"]["data"]["h"][0] for body in bodies] == [1.0, 2.0]


def test_a_path_alias_is_the_same_address(anonymous: APIClient, ball: FmuHolding) -> None:
    response = anonymous.post("/api/v1/simulations", {"fmu_id": "sample:BouncingBall"})
    assert response.json()["status"] == "succeeded"


def test_a_form_with_a_file_runs_it(api: APIClient, worker: WorkerProcess) -> None:
    form = {"fmu": fmus.upload(fmus.variant("BouncingBall")), "request": json.dumps({"stop_time": 0.25})}
    response = api.post("/simulate", form, format="multipart")
    assert response.status_code == 200, response.content
    assert response.json()["request"]["stop_time"] == 0.25
    assert response.json()["fmu"]["id"].startswith("fmu_")


def test_inputs_come_as_json(anonymous: APIClient, worker: WorkerProcess) -> None:
    fmus.load_sample("BatteryCell")
    inputs = {"time": [0, 100], "current": [1.0, 1.0]}
    response = run(anonymous, {"fmu_id": "sample:BatteryCell", "stop_time": 10, "inputs": inputs})
    assert response.status_code == 200, response.content
    assert response.json()["status"] == "succeeded", response.json()["error"]


def test_inputs_may_end_before_the_run_as_in_the_contract(anonymous: APIClient, worker: WorkerProcess) -> None:
    fmus.load_sample("BatteryCell")
    request = {"start_time": 0, "stop_time": 3, "inputs": {"time": [0, 1], "current": [0.0, 2.5]}}
    body = run(anonymous, {"fmu_id": "sample:BatteryCell", **request}).json()
    assert body["status"] == "succeeded", body
    assert "The inputs end at 1, the run at 3: from then on the last samples hold." in body["notes"]


def test_inputs_come_as_a_csv_part(api: APIClient, worker: WorkerProcess) -> None:
    form = {
        "fmu": fmus.upload(fmus.variant("BatteryCell")),
        "request": json.dumps({"stop_time": 10}),
        "inputs": fmus.upload(b"time,current\n0,1.5\n10,1.5\n", "load.csv"),
    }
    response = api.post("/simulate", form, format="multipart")
    assert response.status_code == 200, response.content
    assert response.json()["request"]["inputs"] == {"time": [0.0, 10.0], "current": [1.5, 1.5]}


def test_a_request_that_does_not_wait_gets_202_and_polls(anonymous: APIClient, ball: FmuHolding) -> None:
    response = run(anonymous, {"fmu_id": "sample:BouncingBall"}, prefer="wait=0")
    assert response.status_code == 202
    assert response.headers["Retry-After"] == "1"
    body = response.json()
    while body["status"] in ("queued", "running"):
        body = anonymous.get(response.headers["Location"], headers={"prefer": "wait=10"}).json()
    assert body["status"] == "succeeded"


def test_a_large_result_is_inline_at_plot_resolution(anonymous: APIClient, ball: FmuHolding) -> None:
    body = run(anonymous, {"fmu_id": "sample:BouncingBall", "stop_time": 4, "output_interval": 0.0001}).json()
    assert body["result"]["rows"] > 40_000
    assert body["result"]["complete"] is False
    assert 500 < len(body["result"]["data"]["h"]) <= 1000
    assert body["result"]["urls"]["csv"].endswith("/result.csv")


def test_the_same_bytes_are_stored_once(api: APIClient, stranger: APIClient, worker: WorkerProcess) -> None:
    content = fmus.variant("BouncingBall")
    ids = {client.post("/simulate", {"fmu": fmus.upload(content)}, format="multipart").json()["fmu"]["id"]
           for client in (api, api, stranger)}  # fmt: skip
    assert len(ids) == 2, "one id an owner: nobody learns that somebody else has the same bytes"
    assert Fmu.objects.count() == 1


def test_an_own_upload_runs_by_id_and_by_hash(api: APIClient, worker: WorkerProcess) -> None:
    fmu = api.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, format="multipart").json()
    for reference in (fmu["id"], f"sha256:{fmu['sha256']}"):
        assert run(api, {"fmu_id": reference}).json()["fmu"]["id"] == fmu["id"]


def test_a_hash_does_not_open_somebody_elses_fmu(api: APIClient, stranger: APIClient, worker: WorkerProcess) -> None:
    fmu = api.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, format="multipart").json()
    for reference in (fmu["id"], f"sha256:{fmu['sha256']}"):
        response = run(stranger, {"fmu_id": reference})
        assert (response.status_code, response.json()["code"]) == (404, "unknown_fmu")


def test_a_running_simulation_is_cancelled(api: APIClient, van_der_pol: FmuHolding) -> None:
    simulation = run(api, ENDLESS, prefer="wait=0").json()
    while simulation["status"] == "queued":
        simulation = api.get(simulation["url"]).json()
    assert simulation["status"] == "running"
    canceled = api.post(f"{simulation['url']}/cancel").json()
    assert (canceled["status"], canceled["error"]["code"]) == ("canceled", "canceled")


def test_a_queued_simulation_is_cancelled_at_once(api: APIClient, van_der_pol: FmuHolding) -> None:
    first, second = (run(api, ENDLESS, prefer="wait=0").json() for _ in range(2))
    canceled = api.post(f"{second['url']}/cancel")
    assert (canceled.status_code, canceled.json()["status"]) == (200, "canceled")
    assert api.post(f"{first['url']}/cancel").json()["status"] == "canceled"


def test_a_finished_simulation_cannot_be_cancelled(api: APIClient, ball: FmuHolding) -> None:
    simulation = run(api, {"fmu_id": "sample:BouncingBall"}).json()
    response = api.post(f"{simulation['url']}/cancel")
    assert (response.status_code, response.json()["code"]) == (409, "already_finished")


def test_progress_is_seen_while_it_runs(api: APIClient, van_der_pol: FmuHolding) -> None:
    simulation = run(api, ENDLESS, prefer="wait=0").json()
    while simulation["progress"] == 0:
        simulation = api.get(simulation["url"]).json()
        assert simulation["status"] in ("queued", "running")
    assert 0 < simulation["progress"] < 1
    api.post(f"{simulation['url']}/cancel")


def test_a_run_over_its_time_fails_with_its_partial_curve(
    api: APIClient, van_der_pol: FmuHolding, settings: Settings
) -> None:
    settings.RUN_LIMITS = settings.RUN_LIMITS | {"wall_seconds": 1.0}
    body = run(api, ENDLESS).json()
    assert (body["status"], body["error"]["code"]) == ("failed", "timeout")
    assert body["billing"]["charged"] == 0
    assert body["result"] is None or body["result"]["complete"] is False
    assert api.get(f"{body['url']}/result.csv").status_code == 409


def test_the_list_is_mine_and_newest_first(api: APIClient, stranger: APIClient, ball: FmuHolding) -> None:
    mine = [run(api, {"fmu_id": "sample:BouncingBall"}).json()["id"] for _ in range(3)]
    run(stranger, {"fmu_id": "sample:BouncingBall"})
    page = api.get("/api/v1/simulations?limit=2").json()
    assert [item["id"] for item in page["results"]] == mine[:0:-1]
    assert [item["id"] for item in api.get(page["next"]).json()["results"]] == mine[:1]


def test_the_list_is_filtered_by_status(api: APIClient, ball: FmuHolding) -> None:
    run(api, {"fmu_id": "sample:BouncingBall"})
    assert len(api.get("/api/v1/simulations?status=succeeded").json()["results"]) == 1
    assert api.get("/api/v1/simulations?status=failed").json()["results"] == []
    assert api.get("/api/v1/simulations?status=done").json()["errors"][0]["field"] == "status"


def test_somebody_elses_simulation_is_not_there(api: APIClient, stranger: APIClient, ball: FmuHolding) -> None:
    url = run(api, {"fmu_id": "sample:BouncingBall"}).json()["url"]
    for address in (url, f"{url}/result.csv", f"{url}/result.json?max_points=10"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{url}/cancel").status_code == 404
    assert stranger.delete(url).status_code == 404


def test_a_deleted_simulation_is_gone_with_its_result(api: APIClient, ball: FmuHolding) -> None:
    url = run(api, {"fmu_id": "sample:BouncingBall"}).json()["url"]
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404


def test_an_account_that_is_deleted_takes_everything_along(user: User, worker: WorkerProcess) -> None:
    api = client_of(user)
    api.post("/simulate", {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, format="multipart")
    user.delete()
    assert (Simulation.objects.count(), FmuHolding.objects.count(), Fmu.objects.count()) == (0, 0, 0)


def test_every_answer_announces_the_rate_limit(anonymous: APIClient, ball: FmuHolding, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sample": 120}
    response = run(anonymous, {"fmu_id": "sample:BouncingBall"})
    assert response.headers["RateLimit-Policy"] == '"sample";q=120;w=60'
    assert response.headers["RateLimit"].startswith('"sample";r=119;t=')


def test_too_many_requests_are_told_when_to_go_on(
    anonymous: APIClient, worker: WorkerProcess, settings: Settings
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"anonymous": 1}
    anonymous.get("/api/v1/fmus?owner=samples")
    response = anonymous.get("/api/v1/fmus?owner=samples")
    assert (response.status_code, response.json()["code"]) == (429, "throttled")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_a_form_without_a_file_is_no_upload(anonymous: APIClient, ball: FmuHolding, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": 1}
    form = {"request": json.dumps({"fmu_id": "sample:BouncingBall"})}
    for _ in range(2):
        response = anonymous.post("/simulate", form, format="multipart")
        assert response.status_code == 200, response.content
        assert response.headers["RateLimit-Policy"].startswith('"sample"')


def test_a_form_with_a_file_is_an_upload(api: APIClient, worker: WorkerProcess, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": 1}
    statuses = [
        api.post("/simulate", {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, format="multipart").status_code
        for _ in range(2)
    ]
    assert statuses == [200, 429]
