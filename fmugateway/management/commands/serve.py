"""The whole site on one machine: web, workers and, without a Stripe key, the stand-in. Ctrl-C stops everything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from fmugateway.static_files import collect_if_changed

RESTART_AFTER_SECONDS = 1.0
STOP_SECONDS = 20.0


@dataclass
class Service:
    """One child process that is started again when it ends."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
        self.process = subprocess.Popen([*_ends_with_us(), *self.command], start_new_session=True)
        self.started = time.monotonic()

    def start_again_if_ended(self) -> bool:
        if (
            self.process is None
            or self.process.poll() is None
            or time.monotonic() - self.started < RESTART_AFTER_SECONDS
        ):
            return False
        self.start()
        return True

    def stop(self, deadline: float) -> None:
        """Wait until the deadline after SIGTERM was sent, then end it and whatever it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Command(BaseCommand):
    help = "Migrate, load the samples, and start the site with its workers. HOST, PORT and WORKERS change the defaults."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WORKERS", os.cpu_count() or 1)))

    def handle(self, *args: Any, **options: Any) -> None:
        # SIGINT too: a shell starts what runs in the background with it ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        self._prepare()
        services = _services(options["workers"])
        try:
            for service in services:
                service.start()
            self._set_up_stripe()
            self._wait_until_ready()
            self._say_what_to_do_next()
            self._watch(services)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping ...")
        finally:
            _stop_all(services)

    def _prepare(self) -> None:
        self.stdout.write("Preparing the database and the samples ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if not settings.DEBUG:
            collect_if_changed()
        call_command("load_samples", verbosity=0)

    def _set_up_stripe(self) -> None:
        if settings.STRIPE_STANDIN:
            _wait_for(f"{settings.STRIPE_STANDIN_URL}/_standin/health", seconds=20)
            call_command("setup_stripe", verbosity=0)

    def _wait_until_ready(self) -> None:
        if not _wait_for(f"{_address()}/readyz", seconds=60):
            self.stderr.write(f"{_address()}/readyz does not answer yet; the log above says why.")

    def _say_what_to_do_next(self) -> None:
        self.stdout.write(NEXT_STEPS.format(address=_address()))

    def _watch(self, services: list[Service]) -> None:
        while True:
            for service in services:
                if service.start_again_if_ended():
                    self.stderr.write(f"{service.name} ended and was started again.")
            time.sleep(0.5)


NEXT_STEPS = """
  FMU Gateway is running:  {address}

  Run a real FMU now:
    curl {address}/simulate --json '{{"fmu_id": "sample:BouncingBall", "start_values": {{"e": 0.8}}}}'

  An account's token:      .venv/bin/python manage.py create_token you@example.com
  The owner's admin:       .venv/bin/python manage.py createsuperuser, then {address}/admin/
  Ctrl-C stops everything.
"""


def _ends_with_us() -> list[str]:
    """A prefix for a command: the kernel stops it even when we are killed and cannot."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _services(workers: int) -> list[Service]:
    python, manage = sys.executable, str(settings.BASE_DIR / "manage.py")
    gunicorn = [python, "-m", "gunicorn", "-c", "python:fmugateway.gunicorn_config", "fmugateway.wsgi"]
    services = [Service("web", gunicorn)]
    services += [Service(f"worker {n + 1}", [python, manage, "run_worker"]) for n in range(workers)]
    if not settings.TASKS_BROKER_URL:
        # Uploads and samples do not wait behind long runs.
        services.append(Service("worker for short tasks", [python, manage, "run_worker", "--queues", "intake"]))
    services.append(Service("sweep", [python, manage, "sweep", "--every", "3"]))
    if settings.STRIPE_ENABLED and settings.STRIPE_SECRET_KEY:
        services.append(Service("sweep of money", [python, manage, "reconcile_stripe", "--every", "3600"]))
    if settings.STRIPE_STANDIN:
        services.insert(0, Service("Stripe stand-in", _standin(python)))
    return services


def _standin(python: str) -> list[str]:
    port = settings.STRIPE_STANDIN_URL.rsplit(":", 1)[1]
    data = str(settings.DATA_DIR / "stripe-standin.sqlite3")
    return [python, "-m", "billing.stripe_standin", "--port", port, "--data", data, "--site", _address()]


def _address() -> str:
    host = os.environ.get("HOST", "127.0.0.1")
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{os.environ.get('PORT', '8000')}"  # noqa: S104


def _wait_for(url: str, *, seconds: float) -> bool:
    """Whether the address answers 200 within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own loopback address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _stop(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _stop_all(services: list[Service]) -> None:
    for service in services:
        if service.process and service.process.poll() is None:
            service.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for service in services:
        service.stop(deadline)
