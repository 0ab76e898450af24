"""Logs are events: one line each, with the ids they are about; JSON in production."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from fmugateway.middleware import request_id

# `simulation=%s`, `code=broker_away` or a bare `%s` of a message's template.
_SLOT = re.compile(r"(?:(\w+)=)?(%[-+#0]?[\d.]*[a-z]|(?<==)[\w.:-]+)")


class RequestIdFilter(logging.Filter):
    """Adds the id of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, event, request_id, what the event names, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        event = dict(_fields(record)) | event
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event)


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
