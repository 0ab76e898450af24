"""How long a run stands still when what runs it is killed: `make recovery`, or python -m benchmarks.recovery --times 5.

The site on PostgreSQL, Celery and Redis, two workers, one long paid run. The worker that has it, or its cage's warm
process, gets a SIGKILL; printed are the seconds until the run goes on, on another worker or in a new cage. Exits with
1 when one took longer than the 15 s that are promised.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import requests

from e2e.site import Site
from fmugateway.testing import processes
from fmugateway.testing.servers import servers

SAMPLE = Path(__file__).parents[1] / "simulations" / "samples" / "VanDerPol.fmu"
# Minutes of steps: it does not end by itself while anything is measured.
LONG: dict[str, Any] = {
    "interface_type": "ModelExchange",
    "solver": "Euler",
    "step_size": 1e-6,
    "stop_time": 90,
    "output_interval": 1,
}
# Share of its time that a run has behind it, some seconds, when it is killed: that it begins anew shows.
HEAD_START = 0.001
WORKERS = 2
PROMISED_SECONDS = 15.0
PATIENCE_SECONDS = 60.0
EMAIL = "recovery@example.com"
_GRANT = """
from accounts.models import User
from billing.grants import grant
from billing.models import LotSource
grant(source=LotSource.GOODWILL, quantity=1000, reference='recovery', user=User.objects.get(email='{email}'))
"""
_LOOK = "SELECT status, claimed_by, progress FROM simulations_simulation WHERE public_id = %s"


@dataclass(frozen=True)
class Going:
    """A run as its row says; worker: the process that has it, 0 when none does."""

    status: str
    worker: int
    progress: float


@dataclass(frozen=True)
class Bench:
    """The site, a customer's session with it, and a look at its rows that costs it nothing."""

    site: Site
    session: requests.Session
    rows: psycopg.Connection[tuple[Any, ...]]
    fmu: str

    @contextmanager
    def long_run(self) -> Iterator[str]:
        """Under way inside the block, with every worker ready; canceled at its end."""
        until(self._all_ready)
        body = LONG | {"fmu_id": self.fmu}
        run = str(self.session.post(f"{self.site.url}/simulate", json=body, headers={"Prefer": "wait=0"}).json()["id"])
        try:
            until(lambda: self.look(run).progress > HEAD_START)
            yield run
        finally:
            self.session.post(f"{self.site.url}/api/v1/simulations/{run}/cancel")

    def look(self, run: str) -> Going:
        row = self.rows.execute(_LOOK, [run]).fetchone()
        if row is None:
            raise RuntimeError(f"{run} is gone.")
        return Going(row[0], int(row[1].rpartition(":")[2] or 0), row[2])

    def _all_ready(self) -> bool:
        """As many workers as there should be, each with a warm cage."""
        found = processes.below(self.site.process.pid, "run_worker")
        return sum(bool(processes.below(worker, "bwrap")) for worker in found) >= WORKERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="each")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as name, servers() as running:
        folder = Path(name)
        folder.chmod(0o755)  # the cage is another user
        limits = {"RUN_WALL_SECONDS": "600", "RUN_CPU_SECONDS": "600"}
        site = Site.start(folder, WORKERS=str(WORKERS), **limits, **running.environment)
        try:
            with psycopg.connect(running.postgres.url, autocommit=True) as rows:
                bench = _bench(site, rows)
                killed = [after_a_killed_worker(bench) for _ in range(times)]
                caged = [after_a_killed_zygote(bench) for _ in range(times)]
        finally:
            site.stop()
    print(f"seconds until a run goes on, {times} times each     median  longest")
    _print("kill -9 of its worker: on another worker", killed)
    _print("kill -9 of its cage: in a new cage", caged)
    sys.exit(max(killed + caged) > PROMISED_SECONDS)


def _print(name: str, seconds: list[float]) -> None:
    print(f"  {name:42} {statistics.median(seconds):8.1f} {max(seconds):8.1f}")


def after_a_killed_worker(bench: Bench) -> float:
    with bench.long_run() as run:
        lost = bench.look(run).worker
        processes.kill(lost)
        return until(lambda: (now := bench.look(run)).status == "running" and now.worker != lost)


def after_a_killed_zygote(bench: Bench) -> float:
    """The run stays with its worker; its progress begins anew."""
    with bench.long_run() as run:
        before = bench.look(run)
        processes.kill(processes.below(before.worker, "bwrap")[0])
        return until(lambda: 0 < bench.look(run).progress < before.progress)


def until(happened: Callable[[], bool]) -> float:
    """Wait for it; how many seconds that took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise RuntimeError(f"Nothing happened within {PATIENCE_SECONDS:.0f} s.")
        time.sleep(0.01)
    return time.monotonic() - began


def _bench(site: Site, rows: psycopg.Connection[tuple[Any, ...]]) -> Bench:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {site.manage('create_token', EMAIL).splitlines()[-1]}"
    site.manage("shell", "-v", "0", "-c", _GRANT.format(email=EMAIL))
    answer = session.post(f"{site.url}/api/v1/fmus", files={"fmu": SAMPLE.read_bytes()})
    answer.raise_for_status()
    return Bench(site, session, rows, answer.json()["id"])


if __name__ == "__main__":
    main()
