"""The secret with which whoever opened a payment, and nobody else, asks for its run token."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from billing.models import Payment


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """256 random bits need no slow hash; a leaked database leaks no secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(payment: Payment, secret: str) -> bool:
    return bool(payment.claim_hash) and hmac.compare_digest(payment.claim_hash, hash_of(secret))
