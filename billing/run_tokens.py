"""Write and read the JWT of a paid run: HS256, 15 minutes, sub = payment, jti = entitlement (the lot of its run)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

ALGORITHM = "HS256"
AUDIENCE = "run"
SALT = "billing.run_token"


class Invalid(Exception):
    """Not one of ours: forged, of another algorithm, for another purpose, or no JWT at all."""


class Expired(Invalid):
    """Ours, but too old."""


@dataclass(frozen=True)
class Claims:
    payment: str
    entitlement: str


@dataclass(frozen=True)
class MintedToken:
    token: str
    expires_at: datetime


def mint(claims: Claims) -> MintedToken:
    """Sign a token that lives settings.RUN_TOKEN_SECONDS."""
    now = timezone.now().replace(microsecond=0)
    expires_at = now + timedelta(seconds=settings.RUN_TOKEN_SECONDS)
    body = {"sub": claims.payment, "jti": claims.entitlement, "aud": AUDIENCE, "iat": now, "exp": expires_at}
    return MintedToken(jwt.encode(body, _key(settings.SECRET_KEY), ALGORITHM), expires_at)


def read(token: bytes) -> Claims:
    """The claims of a token of ours. Raises Expired or Invalid. A key that was rolled still reads its tokens."""
    failure: jwt.InvalidTokenError = jwt.InvalidTokenError("no key")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _read_with(_key(secret), token)
        except jwt.ExpiredSignatureError as error:
            raise Expired(str(error)) from error
        except jwt.InvalidTokenError as error:
            failure = error
    raise Invalid(str(failure)) from failure


def _read_with(key: bytes, token: bytes) -> Claims:
    body = jwt.decode(
        token, key, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": ["sub", "jti", "exp", "iat"]}
    )
    return Claims(payment=body["sub"], entitlement=body["jti"])


def _key(secret: str) -> bytes:
    """A key of its own: a run token's signature says nothing about a session's."""
    return salted_hmac(SALT, "HS256", secret=secret, algorithm="sha256").digest()
