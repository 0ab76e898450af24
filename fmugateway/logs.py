"""Logs are events: one line each, with the ids they are about; JSON in production."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from fmugateway.middleware import REQUEST_ID
from simulations import log_context

# `simulation=%s`, `code=broker_away` or a bare `%s` of a message's template.
_SLOT = re.compile(r"(?:(\w+)=)?(%[-+#0]?[\d.]*[a-z]|(?<==)[\w.:-]+)")


class ContextFilter(logging.Filter):
    """Adds `context`, the ids of what is being worked on, and `ids`, the same as text."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        context = {**_of_request(record), **log_context.fields(error)}
        record.context, record.ids = context, " ".join(context.values())
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, event, its context, what it names itself, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        event = {**getattr(record, "context", {}), **dict(_fields(record)), **event}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event)


def _of_request(record: logging.LogRecord) -> dict[str, str]:
    """The id of the request that Django names as what a line is about."""
    headers = getattr(getattr(record, "request", None), "META", {})
    return {"request_id": headers[REQUEST_ID]} if REQUEST_ID in headers else {}


def _fields(record: logging.LogRecord) -> Iterator[tuple[str, str]]:
    """simulation, code and the like, by the template: what a stranger's text contains never becomes a field."""
    if not isinstance(record.msg, str):
        return
    arguments = iter(record.args if isinstance(record.args, tuple) else ())
    for name, value in _SLOT.findall(record.msg):
        if value.startswith("%"):
            value = str(next(arguments, ""))
        if name:
            yield name, value
