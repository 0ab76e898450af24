"""`Prefer: wait=N` (RFC 7240): how long a request waits for its simulation."""

from __future__ import annotations

import re

from rest_framework.request import Request

DEFAULT_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 60
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\b")
_ASYNC = re.compile(r"(?:^|[,;\s])respond-async\b")


def wait_seconds(request: Request) -> int:
    """0 to 60; what cannot be understood is ignored, as RFC 7240 wants it."""
    preference = request.headers.get("Prefer", "")
    if match := _WAIT.search(preference):
        return min(int(match[1]), LONGEST_WAIT_SECONDS)
    return 0 if _ASYNC.search(preference) else DEFAULT_WAIT_SECONDS
