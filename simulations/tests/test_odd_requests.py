"""Requests nobody means: never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from simulations.models import FmuHolding

pytestmark = pytest.mark.usefixtures("free")

ADDRESSES = [
    "/api/v1/simulations?cursor=%00",
    "/api/v1/simulations?cursor=cD0x%C3%BF",
    "/api/v1/simulations?status=%00",
    "/api/v1/fmus?owner=%00",
    "/api/v1/fmus/fmu_%00",
    "/api/v1/fmus/sample:BouncingBall/variables?search=%00",
    "/api/v1/fmus/sha256:zz",
    "/api/v1/simulations/sim_x/result.pdf",
    "/api/v1/simulations/sim_" + "x" * 500,
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_odd_address_is_answered(api: APIClient, ball: FmuHolding, address: str) -> None:
    response = api.get(address)
    assert response.status_code in (200, 400, 404), response.content


@pytest.mark.parametrize("cursor", ["none", "cD0x%C3%BF"])
def test_a_cursor_of_nobody_is_a_400_that_names_it(api: APIClient, ball: FmuHolding, cursor: str) -> None:
    for address in ("/api/v1/simulations", "/api/v1/fmus"):
        response = api.get(f"{address}?cursor={cursor}")
        assert response.status_code == 400, response.content
        assert response.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("number", ["abc", "-1", "1e3", "\u0661", "1001", "9" * 5000])
@pytest.mark.parametrize(
    "address", ["/api/v1/simulations", "/api/v1/fmus", "/api/v1/fmus/sample:BouncingBall/variables"]
)
def test_a_limit_that_is_none_is_a_400_that_names_it(
    api: APIClient, ball: FmuHolding, address: str, number: str
) -> None:
    response = api.get(address, {"limit": number})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "limit")


@pytest.mark.parametrize("offset", ["-5", "99999999999999999999"])
def test_an_offset_that_is_none_is_a_400_that_names_it(api: APIClient, ball: FmuHolding, offset: str) -> None:
    response = api.get("/api/v1/fmus/sample:BouncingBall/variables", {"offset": offset})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "offset")


def test_empty_outputs_of_a_result_leave_nothing_out(anonymous: APIClient, ball: FmuHolding) -> None:
    urls = anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall"}).json()["result"]["urls"]
    assert b"".join(anonymous.get(f"{urls['csv']}?outputs=")).startswith(b"time,h,v,")


def test_an_empty_filter_filters_nothing(api: APIClient, ball: FmuHolding) -> None:
    api.post("/simulate", {"fmu_id": "sample:BouncingBall"})
    assert len(api.get("/api/v1/simulations?status=").json()["results"]) == 1
    variables = "/api/v1/fmus/sample:BouncingBall/variables"
    assert api.get(f"{variables}?causality=&search=").json()["results"] == api.get(variables).json()["results"]


BODIES: list[dict[str, Any]] = [
    {"start_values": {"": 1}},
    {"start_values": {"h": []}},
    {"start_values": {"h": {"deep": [[[[[1]]]]]}}},
    {"start_values": {"h": 10**400}},
    {"start_values": {"h\u0000": "\u0000"}},
    {"start_values": {"\U0001f600" * 1000: 1}},
    {"inputs": {"time": []}},
    {"inputs": {"time": [0, None, 1]}},
    {"inputs": {"h": [1]}},
    {"outputs": []},
    {"outputs": ["h"] * 5000},
    {"outputs": [""]},
    {"stop_time": 1e308, "start_time": -1e308},
    {"stop_time": 5e-324},
    {"step_size": 1e-320, "solver": "Euler"},
    {"relative_tolerance": 1e-300},
    {"output_interval": 1e-300},
    {"start_time": 1e300},
    {"interface_type": ["CoSimulation"]},
    {"interface_type": {}},
    {"solver": None, "outputs": None},
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body)[:40])
def test_an_odd_body_is_answered(api: APIClient, ball: FmuHolding, body: dict[str, Any]) -> None:
    response = api.post("/simulate", {"fmu_id": "sample:BouncingBall"} | body)
    assert response.status_code in (200, 400, 422), response.content
    if response.status_code == 200:
        assert response.json()["status"] in ("succeeded", "failed")


@pytest.mark.parametrize(
    "prefer", ["wait=-1", "wait=99999999999999", "wait=abc", "respond-async, wait=0", "\u00e9", ""]
)
def test_an_odd_preference_is_ignored(api: APIClient, ball: FmuHolding, prefer: str) -> None:
    response = api.post("/simulate", {"fmu_id": "sample:BouncingBall"}, headers={"prefer": prefer})
    assert response.status_code in (200, 202)


@pytest.mark.parametrize(
    "credential", ["Bearer", "Bearer ", "Bearer \u00e9", "Token fmu_", "Basic eDp5", "Bearer fmu_" + "x" * 5000]
)
def test_an_odd_credential_is_a_401_or_nobody(anonymous: APIClient, ball: FmuHolding, credential: str) -> None:
    anonymous.credentials(HTTP_AUTHORIZATION=credential)
    assert anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall"}).status_code in (200, 401)
