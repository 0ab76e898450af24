"""Be unreachable for a while, in one of the ways a real service is."""

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    ERROR = "error"
    """Answers 503 without doing anything."""
    HANG_UP = "hang_up"
    """Closes the connection without doing anything."""
    LOSE_ANSWER = "lose_answer"
    """Does the work, then closes the connection: the caller cannot know."""


@dataclass
class Outage:
    fault: Fault = Fault.ERROR
    requests: int = 0
    until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, fault: Fault, *, requests: int = 0, seconds: float = 0.0) -> None:
        with self._lock:
            self.fault, self.requests, self.until = fault, requests, time.monotonic() + seconds

    def end(self) -> None:
        self.begin(Fault.ERROR)

    def strikes(self) -> Fault | None:
        """What happens to the request that just came in."""
        with self._lock:
            if self.requests > 0:
                self.requests -= 1
                return self.fault
            return self.fault if time.monotonic() < self.until else None
