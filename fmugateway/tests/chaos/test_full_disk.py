"""The disk is full under a load of paid runs, and then it is not. Nothing is lost, nobody pays for what failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from fmugateway.testing.servers import servers
from fmugateway.tests.chaos.conftest import Fragile, start
from fmugateway.tests.chaos.customers import FMU, START_HEIGHT, Customer, Outcome
from fmugateway.tests.chaos.disks import SmallDisk, small_disk
from fmugateway.tests.chaos.load import CUSTOMERS, assert_served, buying

FULL_SECONDS = EMPTY_SECONDS = 2.0
# No process dies here, so nobody may hear of an error of ours.
NOT_NOW = frozenset({409, 429, 503})


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def one_machine(tmp_path: Path, disk: SmallDisk) -> Iterator[Fragile]:
    """SQLite, the queue in it, and all files on the small disk."""
    site = start(
        tmp_path,
        DATA_DIR=str(disk.folder),
        DATABASE_URL=f"sqlite:///{disk.folder}/db.sqlite3",
        TASKS_BROKER_URL="",
        CACHE_URL="dbcache://django_cache",
        # Nothing is refused beforehand: every write that can fail does.
        MIN_FREE_DISK_BYTES="0",
    )
    yield Fragile(site, None)
    site.stop()


@pytest.fixture
def many_machines(tmp_path: Path, disk: SmallDisk) -> Iterator[Fragile]:
    """PostgreSQL and Redis elsewhere, the files on the small disk; new work is refused when nothing is left."""
    with servers() as running:
        site = start(tmp_path, DATA_DIR=str(disk.folder), MIN_FREE_DISK_BYTES="1", **running.environment)
        yield Fragile(site, running)
        site.stop()


def test_a_full_disk_with_the_database_on_it_loses_nothing(
    one_machine: Fragile, disk: SmallDisk, seconds: float
) -> None:
    """What can be kept is kept, of the rest people are told."""
    customers = _survive(one_machine, disk, seconds, told=_assert_accepted_or_told)
    simulation = customers[0].begin_long_run()
    with disk.full():
        time.sleep(FULL_SECONDS)
    Outcome(customers[0].final(simulation), START_HEIGHT).check()


def test_a_full_disk_beside_the_database_loses_nothing(many_machines: Fragile, disk: SmallDisk, seconds: float) -> None:
    """A run whose result finds no room fails and costs nothing; nothing new is begun."""
    customers = _survive(many_machines, disk, seconds, told=_assert_told)
    before, simulation = customers[0].credit(), customers[0].begin_long_run()
    with disk.full():
        body = customers[0].final(simulation)
    assert (body["status"], body["error"]["code"]) == ("failed", "result_not_stored")
    assert customers[0].credit() == before
    assert not list(disk.folder.glob(f"storage/results/**/{simulation}*")), "Half a result stayed."


def _survive(
    fragile: Fragile, disk: SmallDisk, seconds: float, told: Callable[[requests.Response], None]
) -> list[Customer]:
    """told: judges what an upload and a run are answered while the disk is full."""
    customers = fragile.customers(CUSTOMERS, NOT_NOW)
    with buying(fragile, customers):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            time.sleep(EMPTY_SECONDS)
            with disk.full():
                for answer in _ask(customers[0]):
                    told(answer)
                    _remember(customers[0], answer)
                time.sleep(FULL_SECONDS)
    for customer in customers:
        assert_served(customer)
    fragile.assert_sound()
    customers[0].upload()
    return customers


def _ask(customer: Customer) -> Iterator[requests.Response]:
    post = partial(requests.post, headers=customer.headers, timeout=90)
    yield post(f"{customer.site}/api/v1/fmus", files={"fmu": FMU.read_bytes()})
    yield post(f"{customer.site}/simulate", json={"fmu_id": customer.fmu, "stop_time": 0.5})


def _remember(customer: Customer, answer: requests.Response) -> None:
    """A run that was accepted all the same is one of the customer's, and is paid for when it succeeds."""
    if answer.ok and answer.json()["object"] == "simulation":
        customer.runs[answer.json()["id"]] = START_HEIGHT


def _assert_told(answer: requests.Response) -> None:
    """What is the matter, and when to come again."""
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full"), answer.text
    assert int(answer.headers["Retry-After"]) > 0


def _assert_accepted_or_told(answer: requests.Response) -> None:
    """SQLite may still have room inside its own file."""
    if answer.status_code not in {200, 201, 202}:
        _assert_told(answer)
