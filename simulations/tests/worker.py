"""A real worker process on the database of the tests."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from simulations.models import Worker

START_SECONDS = 60
PR_SET_PDEATHSIG = 1


class WorkerProcess:
    """`manage.py run_worker`, ready when its cage is."""

    def __init__(self, *options: str) -> None:
        self.log = Path(settings.DATA_DIR) / f"worker-{time.monotonic_ns()}.log"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker", *options],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url(connection.settings_dict)},
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_the_tests,
        )

    def wait_until_ready(self) -> WorkerProcess:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_announced():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, f"No cage after {START_SECONDS} s: {self.log.read_text()}"
            time.sleep(0.05)
        return self

    def stop(self) -> int:
        """As `make run` stops it; its exit code."""
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """As a machine dies."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def _is_announced(self) -> bool:
        return Worker.objects.filter(name__endswith=f":{self.process.pid}").exists()


def end_with_the_tests() -> None:
    """Tests that are killed leave no worker behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def database_url(database: dict[str, Any]) -> str:
    if "sqlite" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    user = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
