"""Public ids and secrets: random, opaque, with a prefix that says what they name."""

from __future__ import annotations

from django.utils.crypto import get_random_string

# 24 letters and digits are 142 bits: nobody guesses one.
_LENGTH = 24


def fmu_id() -> str:
    return f"fmu_{get_random_string(_LENGTH)}"


def simulation_id() -> str:
    return f"sim_{get_random_string(_LENGTH)}"


def share_key() -> str:
    return get_random_string(_LENGTH)
