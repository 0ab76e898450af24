"""Refuse parameters that Stripe knows and the stand-in does not, rather than ignore them."""

from collections.abc import Collection
from typing import Any

from billing.stripe_standin.api.errors import StripeError


def refuse_unsupported(params: dict[str, Any], takes: Collection[str], path: str = "") -> None:
    """Raises StripeError for the first parameter that `takes` does not name.

    `a.b` names a field of a hash, or of each hash in a list; a hash without named fields is taken whole.
    """
    for name, value in params.items():
        here = f"{path}[{name}]" if path else name
        if name not in {taken.partition(".")[0] for taken in takes}:
            raise StripeError.invalid(f"The stand-in cannot do `{here}`.", here)
        inner = [taken.partition(".")[2] for taken in takes if taken.startswith(f"{name}.")]
        for place, item in _hashes(value) if inner else ():
            refuse_unsupported(item, inner, f"{here}{place}")


def _hashes(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """The hashes in a value, with what they add to its name."""
    items = [(f"[{index}]", item) for index, item in enumerate(value)] if isinstance(value, list) else [("", value)]
    return [(place, item) for place, item in items if isinstance(item, dict)]
