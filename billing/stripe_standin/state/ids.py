"""Make identifiers that look like Stripe's."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_LENGTHS = {"cus": 14, "cs_test": 58, "prod": 14}


def new_id(prefix: str) -> str:
    """For example `cus_Nf3kQ0sXb1LmZp`."""
    return f"{prefix}_{random_text(_LENGTHS.get(prefix, 24))}"


def random_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
