"""Remember the first answer to an Idempotency-Key and give it again."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.state.store import Store

_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Remembered:
    request_id: str
    status: int
    body: dict[str, Any]


def fingerprint(path: str, params: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()


def recall(store: Store, key: str, print_: str) -> Remembered | None:
    """The first answer, if there was one. Raises when the key came with other parameters before."""
    rows = store.execute(
        "SELECT * FROM idempotency WHERE key = ? AND created > ?", key, int(time.time()) - _KEPT_SECONDS
    )
    if not rows:
        return None
    if rows[0]["fingerprint"] != print_:
        raise StripeError(400, _OTHER_PARAMETERS.format(key=key), type_="idempotency_error", keep=False)
    return Remembered(rows[0]["request_id"], rows[0]["status"], json.loads(rows[0]["body"]))


def remember(store: Store, key: str, print_: str, answer: Remembered) -> None:
    store.execute(
        "INSERT OR REPLACE INTO idempotency (key, fingerprint, request_id, status, body, created)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        key,
        print_,
        answer.request_id,
        answer.status,
        json.dumps(answer.body),
        int(time.time()),
    )


_OTHER_PARAMETERS = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
    "Try using a key other than '{key}' if you meant to execute a different request."
)
