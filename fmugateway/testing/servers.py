"""Real servers on free ports with data of their own, for the tests and the benchmarks.

python -m fmugateway.testing.servers COMMAND... runs the command on PostgreSQL, Redis and Celery, and stops them after.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60
DATABASE = "fmugateway"


class ServerMissing(Exception):
    """The program is not installed. Never a reason to skip: the message says what to install."""


@dataclass
class Redis:
    """A redis-server that keeps nothing on disk: what it held is gone when it stops."""

    folder: Path
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = _program("redis-server", "redis-server")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _await(lambda: _listens(self.port), "Redis")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def url(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"


@dataclass
class Postgres:
    """A PostgreSQL server. durable: as in production; without it a crash of the machine may lose the data."""

    folder: Path
    durable: bool = False
    port: int = field(default_factory=lambda: free_port())

    def start(self) -> None:
        """Make the cluster the first time, then serve it."""
        if not (self.folder / "data").exists():
            self._initialise()
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self._control("start", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        """immediate: as if the power went. fast: clients are cut off, everything is written."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._control("stop", "-m", mode)

    @property
    def url(self) -> str:
        return f"postgres://owner@127.0.0.1:{self.port}/{DATABASE}"

    def _initialise(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if user := _unprivileged():
            shutil.chown(self.folder, user)
        self._run("initdb", "-D", self._data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._single_user(f"CREATE DATABASE {DATABASE}")

    def _single_user(self, statement: str) -> None:
        self._run("postgres", "--single", "-D", self._data, "postgres", input=f"{statement}\n".encode())

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-t", str(START_SECONDS), *words)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, name: str, *words: str, input: bytes | None = None) -> None:  # noqa: A002  subprocess's own word
        command = [_program(name, "postgresql"), *words]
        # A server keeps the pipes of its parent open, so its output goes to a file.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, input=input, user=_unprivileged(), cwd="/", check=False
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{' '.join(command)}: {output.read().decode(errors='replace')[-2000:]}")


@dataclass(frozen=True)
class Servers:
    """What a site beyond one machine needs, running."""

    postgres: Postgres
    redis: Redis

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make the site use them."""
        return {
            "DATABASE_URL": self.postgres.url,
            "TASKS_BROKER_URL": self.redis.url(0),
            "CACHE_URL": self.redis.url(1),
        }


@contextmanager
def servers(*, durable: bool = False) -> Iterator[Servers]:
    """Start them; stop them and forget their data at the end. Raises ServerMissing."""
    with tempfile.TemporaryDirectory(prefix="fmu-gateway-servers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        running = Servers(Postgres(folder / "postgres", durable), Redis(folder))
        try:
            running.redis.start()
            running.postgres.start()
            yield running
        finally:
            running.redis.stop()
            running.postgres.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str, package: str) -> str:
    """Its path; Debian keeps PostgreSQL's programs out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    if found is None:
        raise ServerMissing(f"{name} is not installed (Debian: apt install {package}).")
    return found


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user of Debian's package does it then."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise ServerMissing(
            "There is no user postgres to run PostgreSQL as (Debian: apt install postgresql)."
        ) from None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _await(ready: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not start within {START_SECONDS} s.")
        time.sleep(0.02)


def main(command: list[str]) -> int:
    """Run the command with the servers' variables in its environment; answer its exit code."""
    with servers() as running, subprocess.Popen(command, env=os.environ | running.environment) as process:
        # Ctrl-C reaches the command by itself; it may take its time to stop what it started.
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
