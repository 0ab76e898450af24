"""Start a stand-in of its own for the tests, and stop it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing.tests.standin.client import StandIn

ROOT = Path(__file__).parents[3]


@contextmanager
def running(
    data: Path, *, port: int = 0, site: str = "http://127.0.0.1:8000", record: Path | None = None
) -> Iterator[StandIn]:
    """A stand-in with its state in `data`, on a free port unless told which."""
    environment = {**os.environ, "STRIPE_STANDIN": "1"} | ({"STANDIN_RECORD": str(record)} if record else {})
    words = ["-m", "billing.stripe_standin", "--port", str(port), "--data", str(data), "--site", site]
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield StandIn(_address(process))
    finally:
        process.terminate()
        process.wait(timeout=10)


def _address(process: subprocess.Popen[str]) -> str:
    """It prints where it listens once it does."""
    assert process.stdout
    line: str = process.stdout.readline().strip()
    assert " on http://" in line, f"the stand-in did not start (exit code {process.wait(timeout=10)})"
    return line.rsplit(" ", 1)[1]
