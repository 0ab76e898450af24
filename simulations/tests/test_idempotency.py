"""Idempotency-Key: the same key and body give the first answer again, never a second run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from simulations.models import FmuHolding, IdempotencyKey, Simulation
from simulations.services import holdings
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")

BODY = {"fmu_id": "sample:BouncingBall", "stop_time": 1}


def run(client: APIClient, body: dict[str, Any], key: str = "key-1", **headers: str) -> Any:
    return client.post("/simulate", body, headers={"idempotency-key": key, **headers})


def test_the_first_answer_comes_again_byte_for_byte(api: APIClient, ball: FmuHolding) -> None:
    first, second = run(api, BODY), run(api, BODY)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Simulation.objects.count() == 1


def test_a_202_comes_again_with_its_location(api: APIClient, ball: FmuHolding) -> None:
    first, second = (run(api, BODY, prefer="wait=0") for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Location"] == second.headers["Location"]


def test_spelling_the_same_body_differently_is_the_same_body(api: APIClient, ball: FmuHolding) -> None:
    run(api, BODY)
    again = api.post(
        "/simulate",
        b'{ "stop_time": 1.0, "fmu_id": "sample:BouncingBall" }',
        content_type="application/json",
        headers={"idempotency-key": "key-1"},
    )
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_422(api: APIClient, ball: FmuHolding) -> None:
    run(api, BODY)
    response = run(api, BODY | {"stop_time": 2})
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Simulation.objects.count() == 1


def test_a_key_in_flight_is_409(api: APIClient, ball: FmuHolding) -> None:
    run(api, BODY)
    in_flight = {"answer_status": None, "locked_until": timezone.now() + timedelta(seconds=30)}
    IdempotencyKey.objects.update(**in_flight)
    response = run(api, BODY)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_in_flight")
    assert response.headers["Retry-After"] == "1"


def test_after_a_process_died_the_key_answers_with_its_simulation(api: APIClient, ball: FmuHolding) -> None:
    first = run(api, BODY).json()
    IdempotencyKey.objects.update(answer_status=None, locked_until=timezone.now() - timedelta(seconds=1))
    second = run(api, BODY)
    assert (second.status_code, second.json()["id"]) == (200, first["id"])
    assert Simulation.objects.count() == 1


def test_a_mistake_frees_the_key(api: APIClient, ball: FmuHolding) -> None:
    assert run(api, BODY | {"stop_time": -1}).status_code == 422
    assert run(api, BODY).status_code == 200


def test_keys_of_two_accounts_do_not_meet(api: APIClient, stranger: APIClient, ball: FmuHolding) -> None:
    assert run(api, BODY).json()["id"] != run(stranger, BODY | {"stop_time": 2}).json()["id"]


def test_the_bytes_of_the_file_belong_to_the_body(api: APIClient, worker: WorkerProcess) -> None:
    def send(content: bytes) -> Any:
        form = {"fmu": fmus.upload(content)}
        return api.post("/simulate", form, format="multipart", headers={"idempotency-key": "k"})

    ball, other = fmus.variant("BouncingBall"), fmus.variant("VanDerPol")
    assert (send(ball).status_code, send(ball).headers["Idempotent-Replayed"]) == (200, "true")
    assert send(other).status_code == 422


@pytest.mark.parametrize("key", ["", "k" * 256], ids=["empty", "too long"])
def test_a_key_of_the_wrong_length_is_400(api: APIClient, ball: FmuHolding, key: str) -> None:
    response = run(api, BODY, key)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Idempotency-Key")


def test_a_request_that_was_overtaken_makes_no_second_simulation(
    api: APIClient, ball: FmuHolding, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = holdings.find

    def slowly(*words: Any) -> FmuHolding:
        """The key lapses meanwhile, and a second request is faster."""
        monkeypatch.setattr(holdings, "find", find)
        IdempotencyKey.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
        assert run(api, BODY).status_code == 200
        return find(*words)

    monkeypatch.setattr(holdings, "find", slowly)
    response = run(api, BODY)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_in_flight")
    assert Simulation.objects.count() == 1
    assert run(api, BODY).headers["Idempotent-Replayed"] == "true"
