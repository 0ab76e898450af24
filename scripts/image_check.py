"""Build the image, start compose.yaml as it is, and let a stranger buy a run: `make image-check`.

Needs Docker with Compose 2.24 or newer; takes minutes and is not part of CI. The containers, volumes and networks are
of a project of their own, which is gone afterwards; no port of the host is used.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUYER = ROOT / "scripts" / "image_buyer.py"
OURS = ("web", "worker", "intake", "sweep", "money")
READY_SECONDS = 120
# Stripe's stand-in listens on loopback only, so it runs beside web.
OVERRIDE = """
services:
  web:
    ports: !reset []
    environment: {STRIPE_STANDIN: "1", STRIPE_STANDIN_URL: "http://127.0.0.1:12111"}
"""
STANDIN = ("python", "-m", "billing.stripe_standin", "--site", "http://localhost:8000")
PRIVILEGES = "id -u; grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/1/status; test -w /app && echo writable"
EXPECTED = "1000 CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1"
ZOMBIES = "grep -lE '^State:.Z' /proc/[0-9]*/status || true"


class Wrong(Exception):
    """What the running image does not do."""


@dataclass(frozen=True)
class Compose:
    """The site as a Compose project of its own."""

    override: Path

    def __call__(self, *words: str, given: str | None = None) -> str:
        """What `docker compose words...` prints. Raises Wrong with what it complains of."""
        files = ("-f", str(ROOT / "compose.yaml"), "-f", str(self.override))
        command = ["docker", "compose", "-p", "fmu-gateway-check", *files, *words]
        done = subprocess.run(command, input=given or "", capture_output=True, text=True, check=False)
        if done.returncode:
            raise Wrong(f"docker compose {' '.join(words)}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout.strip()

    def shell(self, service: str, script: str) -> str:
        return " ".join(self("exec", "-T", service, "sh", "-c", script).split())

    def manage(self, service: str, *words: str) -> str:
        return self("exec", "-T", service, "python", "manage.py", *words)


def nobody_has_privileges(compose: Compose) -> None:
    """Uid 1000, no capability now or ever, and nothing of the image can be written."""
    for service in OURS:
        found = compose.shell(service, f"{PRIVILEGES} || true")
        if found != EXPECTED:
            raise Wrong(f"{service} runs with {found}, expected {EXPECTED}")


def workers_isolate_fully(compose: Compose) -> None:
    for service in ("worker", "intake"):
        compose.manage(service, "cage_check")


def a_guest_buys_a_run(compose: Compose) -> None:
    compose("exec", "-d", "web", *STANDIN)
    _until(lambda: compose.manage("web", "setup_stripe"), seconds=20)
    compose("exec", "-T", "web", "python", "-", given=BUYER.read_text())


def a_killed_worker_comes_back(compose: Compose) -> None:
    """All its processes at once, as when memory runs out; the next run is bought as if nothing had been."""
    for service in ("worker", "intake"):
        with contextlib.suppress(Wrong):
            compose.shell(service, "kill -KILL -1")
    _until_ready(compose)
    compose("exec", "-T", "web", "python", "-", given=BUYER.read_text())


def ended_cages_leave_nothing(compose: Compose) -> None:
    compose.manage("worker", "cage_check")
    if zombies := compose.shell("worker", ZOMBIES):
        raise Wrong(f"the worker's container keeps zombies: {zombies}")


def a_backup_can_be_restored(compose: Compose) -> None:
    """The lines of docs/operations.md."""
    compose.manage("web", "backup", "/data/backup")
    compose("stop", *OURS)
    compose("run", "--rm", "web", "python", "manage.py", "restore", "/data/backup")
    compose("up", "-d", "--no-build")
    _until_ready(compose)
    compose.manage("web", "audit_ledger")


def stopping_is_orderly(compose: Compose) -> None:
    """Nobody had to be killed: exit code 0, or 143 for who leaves SIGTERM to the kernel."""
    compose("stop", *OURS)
    for line in compose("ps", "-a", "--format", "json", *OURS).splitlines():
        container = json.loads(line)
        if container["ExitCode"] not in {0, 143}:
            raise Wrong(f"{container['Service']} ended with {container['ExitCode']}")


STEPS = (
    nobody_has_privileges,
    workers_isolate_fully,
    a_guest_buys_a_run,
    a_killed_worker_comes_back,
    ended_cages_leave_nothing,
    a_backup_can_be_restored,
    stopping_is_orderly,
)


def main(arguments: list[str]) -> int:
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    with tempfile.TemporaryDirectory() as folder:
        override = Path(folder) / "check.yaml"
        override.write_text(OVERRIDE)
        compose = Compose(override)
        try:
            _check(compose, build="--no-build" not in arguments)
        except Wrong as wrong:
            print(f"  FAIL  {wrong}\n{compose('logs', '--tail', '20')}", file=sys.stderr)
            return 1
        finally:
            compose("down", "--volumes", "--timeout", "5")
    return 0


def _check(compose: Compose, *, build: bool) -> None:
    if build:
        _told("build", lambda: compose("build"))
    _told("start", lambda: _start(compose))
    for step in STEPS:
        _told(step.__name__.replace("_", " "), lambda step=step: step(compose))


def _start(compose: Compose) -> None:
    compose("up", "-d", "--no-build")
    _until_ready(compose)


def _until_ready(compose: Compose) -> None:
    ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/readyz').read())"
    _until(lambda: compose("exec", "-T", "web", "python", "-c", ask), seconds=READY_SECONDS)


def _until(action: Callable[[], object], *, seconds: float) -> None:
    """Again until it works. Raises Wrong as the last try did."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            action()
        except Wrong:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def _told(name: str, action: Callable[[], object]) -> None:
    began = time.monotonic()
    action()
    print(f"  ok    {name:40} {time.monotonic() - began:4.0f}s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
