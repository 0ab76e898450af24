"""How fast POST /simulate is: over HTTP with queue, ledger and cage, against FMPy in this process on the same FMU.

Prints medians and ratios of one run of this script, and exits with 1 when a number of the issues is missed: a paid,
warm run at most 100 ms over FMPy, `submit` (check, hold, enqueue) at most 15 ms on SQLite.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fmpy

from e2e.site import Site

SAMPLE = Path(__file__).parents[1] / "simulations" / "samples" / "BouncingBall.fmu"
EXPERIMENT = {"stop_time": 1.0, "output_interval": 0.01}
RUNS = 100
EMAIL = "benchmark@example.com"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the cage is another user
        site = Site.start(Path(folder), RATE_LIMIT_ACCOUNT="1000000", WORKERS="2")
        try:
            over_http, submitted = _over_http(site), _submit(site)
        finally:
            site.stop()
        in_process = _median(_fmpy(Path(folder) / "unpacked"))
    added = over_http - in_process
    print(f"POST /simulate   {over_http * 1e3:7.1f} ms median")
    print(f"FMPy in process  {in_process * 1e3:7.1f} ms median, {over_http / in_process:.1f}x less")
    print(f"so it adds       {added * 1e3:7.1f} ms")
    print(f"submit           {submitted * 1e3:7.1f} ms median on SQLite")
    sys.exit(not (added <= 0.100 and submitted <= 0.015))


def _over_http(site: Site) -> float:
    """A run of the account's own FMU, paid with credits, on one connection as a program would."""
    token = site.manage("create_token", EMAIL).strip().splitlines()[-1]
    _give_credits(site)
    address = urlsplit(site.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    fmu = _asked(connection, "POST", "/api/v1/fmus", token, *_form(SAMPLE.read_bytes()))
    body = json.dumps({"fmu_id": fmu["id"], **EXPERIMENT}).encode()

    def run() -> None:
        answer = _asked(connection, "POST", "/simulate", token, body, "application/json")
        assert answer["status"] == "succeeded", answer
        assert answer["billing"]["charged"] == 1, answer["billing"]

    return _median(run)


def _submit(site: Site) -> float:
    """The service alone, in this process, on the site's database; its workers run what it queues."""
    _set_up_django(site)
    from accounts.models import User
    from simulations.fmi.experiment import Experiment
    from simulations.models import FmuHolding
    from simulations.services.submit import submit
    from simulations.visitor import Visitor

    visitor = Visitor(user=User.objects.get(email=EMAIL))
    holding = FmuHolding.objects.select_related("fmu").get(user=visitor.user)
    experiment = Experiment(**EXPERIMENT)

    def run() -> None:
        assert submit(holding, experiment, visitor=visitor).status == "queued"
        time.sleep(0.05)  # as if requests came one at a time

    return _median(run) - 0.05


def _give_credits(site: Site) -> None:
    _set_up_django(site)
    from accounts.models import User
    from billing.grants import grant
    from billing.models import LotSource

    user = User.objects.get(email=EMAIL)
    grant(source=LotSource.GOODWILL, quantity=10 * RUNS, reference="benchmark", user=user)


def _set_up_django(site: Site) -> None:
    import django

    os.environ |= site.environment | {"DJANGO_SETTINGS_MODULE": "fmugateway.settings"}
    django.setup()


def _fmpy(folder: Path) -> Callable[[], None]:
    """What a caller without a service would do: the FMU unpacked, its description read each time."""
    with zipfile.ZipFile(SAMPLE) as archive:
        archive.extractall(folder)

    def run() -> None:
        fmpy.simulate_fmu(str(folder), validate=False, **EXPERIMENT)

    return run


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, token: str, body: bytes, content_type: str
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    connection.request(method, path, body, headers)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def _form(content: bytes) -> tuple[bytes, str]:
    head = b'--b\r\nContent-Disposition: form-data; name="fmu"; filename="BouncingBall.fmu"\r\n\r\n'
    return head + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def _median(act: Callable[[], None]) -> float:
    act()
    return statistics.median(_timed(act) for _ in range(RUNS))


def _timed(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
