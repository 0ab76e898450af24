"""A real gunicorn on the database of the tests, and raw sockets to treat it badly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from fmugateway.testing.servers import free_port
from simulations.tests.worker import database_url, end_with_the_tests

START_SECONDS = 60


class Server:
    """One web process."""

    def __init__(self) -> None:
        self.port = free_port()
        self.log = Path(settings.DATA_DIR) / f"server-{self.port}.log"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:fmugateway.gunicorn_config", "fmugateway.wsgi"],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DATABASE_URL": database_url(connection.settings_dict),
                "PORT": str(self.port),
                "WEB_PROCESSES": "1",
                "STRIPE_ENABLED": "0",
            },
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_the_tests,
        )

    def wait_until_ready(self) -> Server:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def kill_web_process(self) -> None:
        """gunicorn starts another one."""
        os.kill(self._web_process(), signal.SIGKILL)

    def memory(self) -> int:
        """The most that the web process ever held, in bytes."""
        status = Path(f"/proc/{self._web_process()}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) << 10

    def _web_process(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def _answers(self) -> bool:
        try:
            with self.connect() as client:
                client.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                return b" 200 " in client.recv(100)
        except OSError:
            return False
