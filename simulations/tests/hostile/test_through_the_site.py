"""Hostile FMUs through the API, against a running worker: nothing of the server is in reach, and nobody pays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from simulations.services import engine
from simulations.tests import fmus
from simulations.tests.hostile import canaries
from simulations.tests.hostile.canaries import Canaries
from simulations.tests.hostile.workshop import Workshop
from simulations.tests.worker import WorkerProcess


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Canaries]:
    """Canaries whose listening port stands for the site's."""
    with canaries.laid_out(tmp_path / "open", store=engine.store(), other_fmu="") as laid_out:
        yield laid_out


@pytest.fixture
def server_workshop(site: Canaries, worker: WorkerProcess, tmp_path: Path) -> Workshop:
    """A workshop whose attackers know where the database, the site's port and the worker are."""
    targets = site.header().splitlines()
    known = {"CANARY_FILE": f'"{_database()}"', "CANARY_PID": str(worker.process.pid)}
    header = [line for line in targets if line.split()[1] not in known]
    header += [f"#define {name} {value}" for name, value in known.items()]
    return Workshop(tmp_path, "\n".join(header) + "\n")


def _database() -> Path:
    """The file of SQLite; with PostgreSQL what else must stay secret."""
    name = Path(str(connection.settings_dict["NAME"]))
    return name if name.is_file() else Path(__file__)


def simulate(api: APIClient, archive: Path) -> dict[str, Any]:
    form = {"fmu": fmus.upload(archive.read_bytes())}
    response = api.post("/simulate", form, format="multipart", headers={"prefer": "wait=60"})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.usefixtures("free")
@pytest.mark.parametrize(
    ("source", "attack"),
    [
        ("files.c", "read_canary"),
        ("files.c", "read_through_parents"),
        ("files.c", "read_environment"),
        ("network.c", "tcp"),
        ("processes.c", "kills_the_server"),
    ],
)
def test_run_in_the_server_reaches_neither_its_database_nor_its_port_nor_itself(
    api: APIClient, server_workshop: Workshop, site: Canaries, source: str, attack: str
) -> None:
    assert _database().read_bytes()
    simulation = simulate(api, server_workshop.fmu(source, attack))
    assert simulation["status"] == "succeeded", simulation["error"]
    assert simulation["result"]["data"]["loot"][-1] == 0
    assert site.touched() == []


@pytest.mark.usefixtures("free")
@pytest.mark.parametrize(
    ("source", "attack", "code", "message"),
    [
        ("kernel.c", "mounts", "forbidden_system_call", "it made the system call mount"),
        ("crashes.c", "segfaults", "fmu_crashed", "FMU crashed: segmentation fault"),
        ("results.c", "garbage", "bad_result", "not a result"),
    ],
)
def test_api_reports_the_cause_and_charges_nothing(
    api: APIClient, server_workshop: Workshop, source: str, attack: str, code: str, message: str
) -> None:
    simulation = simulate(api, server_workshop.fmu(source, attack))
    assert simulation["status"] == "failed"
    assert simulation["error"]["code"] == code
    assert message in simulation["error"]["message"]
    assert simulation["billing"]["charged"] == 0
