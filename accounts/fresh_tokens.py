"""A new token's secret on its way to the one page that shows it. That page answers a GET: a reload makes no other.

Until then it lies encrypted in the session: whoever reads the database, or a backup of it, has not its key.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest

_KEY = "fresh_token"
_SECONDS = 60


def hand_on(request: HttpRequest, secret: str) -> None:
    """For the next page of this session that shows tokens."""
    request.session[_KEY] = _cipher().encrypt(secret.encode()).decode()


def take(request: HttpRequest) -> str:
    """The secret that waits to be shown, which is forgotten by this; "" when there is none, or it is too late."""
    if request.method != "GET" or not (kept := request.session.pop(_KEY, "")):
        return ""
    try:
        return _cipher().decrypt(kept, ttl=_SECONDS).decode()
    except InvalidToken:
        return ""


def _cipher() -> Fernet:
    key = hashlib.sha256(f"{__name__}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
