"""Opaque public ids with a prefix: `pay_9f...`."""

from __future__ import annotations

import secrets


def new_id(prefix: str) -> str:
    """96 random bits: nobody guesses another's payment."""
    return f"{prefix}_{secrets.token_hex(12)}"


def payment_id() -> str:
    return new_id("pay")


def lot_id() -> str:
    return new_id("lot")
