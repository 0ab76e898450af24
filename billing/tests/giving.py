"""The type of the fixture `give`."""

from __future__ import annotations

from collections.abc import Callable

from billing.models import CreditLot

type Give = Callable[..., CreditLot]
