"""Write every exchange and event to a file, to hold them against Stripe's specification later."""

import json
import threading
from pathlib import Path
from typing import Any

from billing.stripe_standin.api.dispatch import Answer, Request


class Recorder:
    """Appends JSON lines; several stand-ins may share one file. Without a path it records nothing."""

    def __init__(self, path: str | None) -> None:
        self._path = Path(path) if path else None
        self._lock = threading.Lock()

    def exchange(self, request: Request, answer: Answer) -> None:
        self._write(
            kind="exchange",
            method=request.method,
            path=request.path,
            sent=request.data,
            status=answer.status,
            body=answer.body,
        )

    def event(self, event: dict[str, Any]) -> None:
        self._write(kind="event", body=event)

    def _write(self, **line: Any) -> None:
        if self._path:
            with self._lock, self._path.open("a") as file:  # one write per line, so that processes do not mix
                file.write(json.dumps(line) + "\n")
