"""What the tests of the stand-in start from."""

from __future__ import annotations

from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process

__all__ = ["stripe_standin", "stripe_standin_process"]
