"""What the tests of the stand-in start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from billing.tests.standin.client import StandIn
from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process
from billing.tests.standin.receiver import Receiver, listening
from billing.tests.standin.walk import Shop, open_shop

__all__ = ["stripe_standin", "stripe_standin_process"]


@pytest.fixture
def shop(stripe_standin: StandIn) -> Shop:
    """Products and prices, and the official client."""
    return open_shop(stripe_standin)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A site that takes webhooks."""
    with listening() as receiver:
        yield receiver
