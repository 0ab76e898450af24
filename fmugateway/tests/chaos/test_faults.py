"""Under a steady load of paid runs, everything that can die dies. Nothing may be lost, mixed up or charged wrongly."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from fmugateway.testing import processes
from fmugateway.tests.chaos.conftest import Fragile
from fmugateway.tests.chaos.load import CUSTOMERS, assert_served, buying

GUESTS = 2
BETWEEN_FAULTS_SECONDS = 1.5

type Fault = Callable[[Fragile], None]


def kill_a_worker(fragile: Fragile) -> None:
    _kill_one(fragile, "run_worker")


def kill_a_zygote(fragile: Fragile) -> None:
    """The cage's warm process, with the run that it has at the moment."""
    _kill_one(fragile, "bwrap")


def kill_a_web_process(fragile: Fragile) -> None:
    for pid in processes.below(fragile.site.process.pid, "gunicorn")[1:2]:
        processes.kill(pid)


def kill_the_web_server(fragile: Fragile) -> None:
    for pid in processes.below(fragile.site.process.pid, "gunicorn"):
        processes.kill(pid)


def kill_the_sweep(fragile: Fragile) -> None:
    _kill_one(fragile, "sweep")


def restart_postgresql(fragile: Fragile) -> None:
    assert fragile.servers
    fragile.servers.postgres.stop("immediate")
    fragile.servers.postgres.start()


def restart_redis(fragile: Fragile) -> None:
    """All that the queue held is gone."""
    assert fragile.servers
    fragile.servers.redis.stop()
    fragile.servers.redis.start()


ANYWHERE: list[Fault] = [kill_a_worker, kill_a_zygote, kill_a_web_process, kill_the_sweep, kill_the_web_server]
SERVERS: list[Fault] = [restart_redis, restart_postgresql]


def test_nothing_is_lost_when_processes_die_on_one_machine(one_machine: Fragile, seconds: float) -> None:
    _survive(one_machine, ANYWHERE, seconds)


def test_nothing_is_lost_when_processes_and_servers_die(many_machines: Fragile, seconds: float) -> None:
    faults = [*SERVERS, *ANYWHERE]
    _survive(many_machines, faults, seconds)


def _survive(fragile: Fragile, faults: list[Fault], seconds: float) -> None:
    fragile.standin.webhooks(duplicate=True, shuffle=True)
    customers = fragile.customers(CUSTOMERS)
    with buying(fragile, customers, guests=GUESTS) as guests:
        _break_things(fragile, faults, seconds)
    for customer in customers:
        assert_served(customer)
    for guest in guests:
        outcome = guest.result()
        outcome.check()
    fragile.assert_sound()


def _break_things(fragile: Fragile, faults: list[Fault], seconds: float) -> None:
    """Each fault in turn, at least once."""
    ends = time.monotonic() + seconds
    for number, fault in enumerate(itertools.cycle(faults)):
        if number >= len(faults) and time.monotonic() > ends:
            return
        time.sleep(BETWEEN_FAULTS_SECONDS)
        fault(fragile)


def _kill_one(fragile: Fragile, words: str) -> None:
    for pid in processes.below(fragile.site.process.pid, words)[:1]:
        processes.kill(pid)
