"""The whole site on PostgreSQL, Celery and Redis under load, beside bare FMPy on the same FMU in the same run.

python -m benchmarks.load [--seconds 8] [--rows 1000000] prints what stands in docs/performance.md, and exits with 1
when a number is missed. The clients run on the same machine and take their share of it. FMPy is measured twice: on
the FMU unpacked before, which nobody's script does, and on the file, which it unpacks and validates for each run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import fmpy

from benchmarks.clients import Measured, Request, load
from benchmarks.seed import EMAIL as SEEDED
from e2e.site import Site
from fmugateway.testing import processes
from fmugateway.testing.servers import Servers, servers

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "simulations" / "samples" / "BouncingBall.fmu"
EXPERIMENT = {"stop_time": 3.0, "output_interval": 0.01}
# Longer runs of the same FMU: more rows to compute, the same gateway around them.
LONGER = ({"stop_time": 3.0, "output_interval": 0.001}, {"stop_time": 3.0, "output_interval": 0.0002})
CLIENTS = (1, 10, 100, 1000)
WORKERS = 2
EMAIL = "load@example.com"
UNLIMITED = {f"RATE_LIMIT_{name}": "100000000" for name in ("ACCOUNT", "ANONYMOUS", "UPLOAD")}
# One account plays all the customers, and may have the queue for itself.
UNLIMITED["MAX_QUEUED_RUNS"] = "100000"
_GRANT = """
from accounts.models import User
from billing.grants import grant
from billing.models import LotSource
grant(source=LotSource.GOODWILL, quantity=1_000_000, reference='{token}', user=User.objects.get(email='{email}'))
"""
_WAITS = """
from datetime import datetime
from django.db.models import F
from simulations.models import Simulation
since = datetime.fromisoformat('{since}')
recent = Simulation.objects.filter(created_at__gt=since, started_at__isnull=False)
waits = sorted(wait.total_seconds() for wait in recent.values_list(F('started_at') - F('queued_at'), flat=True))
print(waits[int(len(waits) * 0.95)])
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name, servers(durable=True) as running:
        folder = Path(name)
        folder.chmod(0o755)  # the cage is another user
        print("FMPy", flush=True)
        fmpy_runs = Fmpy(folder / "unpacked", options.seconds)
        pools = [fmpy_runs.pool(experiment) for experiment in (EXPERIMENT, *LONGER)]
        bare, command, files = fmpy_runs.one(), fmpy_runs.command(), fmpy_runs.pool(EXPERIMENT, packed=True)
        site = Site.start(folder, WORKERS=str(WORKERS), WEB_PROCESSES="2", **UNLIMITED, **running.environment)
        try:
            rates, waited = _under_load(site, running, options.seconds)
            longer = [_rate(site, experiment, options.seconds) for experiment in LONGER]
            slowest = _growth(site, options.rows)
        finally:
            site.stop()
    best = max(rates)
    print(f"\nFMPy, one process, in process     {bare:8.1f} runs/s")
    print(f"FMPy, pool of {WORKERS}, from the file      {files:8.1f} runs/s; site / this {best / files:.2f}")
    print(f"FMPy, command line                {command:8.1f} runs/s; site / this {best / command:.2f}")
    print("   rows  FMPy, pool  FMPy ms/run     site  site / pool")
    ratios = [rate / pool for rate, pool in zip((best, *longer), pools, strict=True)]
    for experiment, pool, ratio in zip((EXPERIMENT, *LONGER), pools, ratios, strict=True):
        rows = experiment["stop_time"] / experiment["output_interval"] + 1
        print(f"{rows:7.0f} {pool:11.1f} {WORKERS / pool * 1e3:12.1f} {ratio * pool:8.1f} {ratio:12.2f}")
    sys.exit(not (best >= 60 and max(ratios) >= 0.6 and waited <= 0.05 and slowest <= 0.05))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each load")
    parser.add_argument("--rows", type=int, default=1_000_000, help="simulations, and ledger entries, to seed")
    return parser.parse_args()


def _rate(site: Site, experiment: dict[str, float], seconds: float) -> float:
    address = urlsplit(site.url)
    host, port = address.hostname or "", address.port or 0
    return load(host, port, _request(site, experiment), clients=10, seconds=seconds).rate


def _under_load(site: Site, running: Servers, seconds: float) -> tuple[list[float], float]:
    """Paid runs a second at each number of clients, and the 95th percentile of the wait in the queue at half load."""
    request = _request(site, EXPERIMENT)
    address = urlsplit(site.url)
    host, port = address.hostname or "", address.port or 0
    load(host, port, request, clients=4, seconds=3)  # warm
    print(" clients   runs/s   p50 ms   p95 ms   p99 ms  refused  CPU ms/run    MiB")
    rates = []
    for clients in CLIENTS:
        before = processes.cpu_seconds(_processes(site, running))
        measured = load(host, port, request, clients=clients, seconds=seconds)
        pids = _processes(site, running)
        _print(clients, measured, processes.cpu_seconds(pids) - before, processes.memory_bytes(pids))
        rates.append(measured.rate)
        time.sleep(2)
    waited = _queue_wait_at_half_load(site, host, port, request, seconds)
    return rates, waited


def _queue_wait_at_half_load(site: Site, host: str, port: int, request: Request, seconds: float) -> float:
    """One client keeps one of the two workers busy."""
    since = datetime.now(UTC).isoformat()
    load(host, port, request, clients=1, seconds=seconds)
    waited = float(site.manage("shell", "-v", "0", "-c", _WAITS.format(since=since)))
    print(f"\n95th percentile of the wait in the queue at half load: {waited * 1e3:.1f} ms")
    return waited


def _print(clients: int, measured: Measured, cpu: float, memory: int) -> None:
    p50, p95, p99 = (measured.percentile(share) * 1e3 for share in (0.5, 0.95, 0.99))
    runs = len(measured.latencies)
    print(
        f"{clients:8} {measured.rate:8.1f} {p50:8.0f} {p95:8.0f} {p99:8.0f} {measured.refused:8}"
        f" {cpu / runs * 1e3:11.1f} {memory >> 20:6}",
        flush=True,
    )


def _processes(site: Site, running: Servers) -> list[int]:
    """Everything but the clients."""
    postmaster = int((running.postgres.folder / "data" / "postmaster.pid").read_text().split()[0])
    redis = running.redis.process
    return [pid for root in (site.process.pid, postmaster, redis.pid if redis else 0) for pid in processes.tree(root)]


def _request(site: Site, experiment: dict[str, float]) -> Request:
    """One paid run of the account's own FMU."""
    token = site.manage("create_token", EMAIL).splitlines()[-1]
    site.manage("shell", "-v", "0", "-c", _GRANT.format(email=EMAIL, token=token[:12]))
    upload = ["curl", "-sf", f"{site.url}/api/v1/fmus", "-H", f"Authorization: Bearer {token}", "-F", f"fmu=@{SAMPLE}"]
    fmu = json.loads(subprocess.check_output(upload))["id"]
    body = json.dumps({"fmu_id": fmu, "outputs": ["h"], **experiment}).encode()
    return Request("/simulate", body, headers=f"Prefer: wait=60\r\nAuthorization: Bearer {token}\r\n")


def _growth(site: Site, rows: int) -> float:
    """The slowest median of what people look at every day, in a database with a long history."""
    environment = site.environment
    subprocess.run([sys.executable, "-m", "benchmarks.seed", str(rows)], cwd=ROOT, env=environment, check=True)
    token = site.manage("create_token", SEEDED.format(number=7)).splitlines()[-1]
    print(f"\nwith {rows} simulations and as many ledger entries")
    paths = ("simulations", "simulations?status=succeeded", "fmus", "credits", "credits/entries")
    medians = {path: _median(f"{site.url}/api/v1/{path}", token) for path in paths}
    for path, median in medians.items():
        print(f"  GET /api/v1/{path:30} {median * 1e3:6.1f} ms median")
    return max(medians.values())


def _median(url: str, token: str, times: int = 30) -> float:
    command = ["curl", "-sf", "-o", "/dev/null", "-w", "%{time_total}\n", "-H", f"Authorization: Bearer {token}"]
    lines = subprocess.check_output([*command, *[url] * times], text=True).split("\n")
    return statistics.median(float(line) for line in lines if line and line[0].isdigit())


class Fmpy:
    """Runs a second of FMPy without a site."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        with zipfile.ZipFile(SAMPLE) as archive:
            archive.extractall(folder)

    def one(self) -> float:
        """In one process."""
        return _fmpy_runs(str(self._folder), self._seconds, EXPERIMENT) / self._seconds

    def pool(self, experiment: dict[str, float], *, packed: bool = False) -> float:
        """In a pool of as many processes as the site has workers."""
        source = str(SAMPLE if packed else self._folder)
        with ProcessPoolExecutor(WORKERS) as pool:
            counts = pool.map(_fmpy_runs, *zip(*[(source, self._seconds, experiment)] * WORKERS, strict=True))
            return sum(counts) / self._seconds

    def command(self) -> float:
        """By its command line, one process a run."""
        command = [sys.executable, "-m", "fmpy", "simulate", str(SAMPLE), "--stop-time", "3"]
        command += ["--output-interval", "0.01", "--output-file", str(self._folder / "out.csv")]
        began = time.perf_counter()
        for _ in range(5):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return 5 / (time.perf_counter() - began)


def _fmpy_runs(source: str, seconds: float, experiment: dict[str, float]) -> int:
    """How many runs it does; it reads the model description for each, and a file is unpacked and validated, too."""
    ends, runs = time.perf_counter() + seconds, 0
    while time.perf_counter() < ends:
        fmpy.simulate_fmu(source, validate=source.endswith(".fmu"), output=["h"], **experiment)
        runs += 1
    return runs


if __name__ == "__main__":
    main()
