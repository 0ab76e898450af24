"""The whole site as a newcomer starts it, on free ports and with data of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 200


@dataclass(frozen=True)
class Site:
    """A running site. `url` has no slash at its end; `data` holds its database, storage and mails."""

    url: str
    standin_url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, data: Path, **variables: str) -> Site:
        """Start `manage.py serve` and wait until it can run simulations. Raises RuntimeError with its log."""
        port, standin_port = _free_port(), _free_port()
        environment = os.environ | {
            "ENV_FILE": os.devnull,
            "DEBUG": "0",
            "FMU_TESTING": "0",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "STRIPE_STANDIN": "1",
            "STRIPE_STANDIN_URL": f"http://127.0.0.1:{standin_port}",
            "DATA_DIR": str(data),
            "STATIC_ROOT": os.environ.get("STATIC_ROOT_OF_SITES", str(data / "staticfiles")),
            "EMAIL_URL": f"filemail://{data / 'mails'}",
            "WEB_PROCESSES": "1",
            **variables,
        }
        with (data / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--workers", "2"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        site = cls(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{standin_port}", data, environment, process)
        site._wait_until_ready()
        return site

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        log = (self.data / "serve.log").read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"The site did not become ready:\n{log[-5000:]}")

    def manage(self, *words: str) -> str:
        """What `manage.py words...` prints, on this site's data."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def last_link_mailed_to(self, address: str) -> str:
        """The first link in the newest e-mail to this address; waits up to 10 s for one."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for path in sorted((self.data / "mails").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True):
                text = path.read_text(errors="replace").replace("=\n", "").replace("=3D", "=")
                if f"To: {address}" in text and (link := re.search(rf"{re.escape(self.url)}\S+", text)):
                    return link[0]
            time.sleep(0.1)
        raise RuntimeError(f"No e-mail with a link came to {address}.")

    def stop(self) -> None:
        """End it as Ctrl-C does. Raises RuntimeError when it has to be killed after 30 s."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired as error:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise RuntimeError(f"The site did not stop; its log is {self.data / 'serve.log'}.") from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
