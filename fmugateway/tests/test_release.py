"""manage.py release: what a deployment does to Stripe's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from billing.management.commands import setup_stripe
from fmugateway.management.commands import release

TEST_KEY, LIVE_KEY = "sk_test_" + "0" * 24, "sk_live_" + "0" * 24


@pytest.fixture
def deploy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """deploy(key) runs the release with this key, all but its tables, samples and talk with Stripe; what it set up."""
    done: list[str] = []
    monkeypatch.setattr(setup_stripe.Command, "_set_up", lambda self, **_: done.append(settings.STRIPE_SECRET_KEY))

    def only_stripe(name: str, **options: Any) -> None:
        if name == "setup_stripe":
            call_command(name, **options)

    monkeypatch.setattr(release, "call_command", only_stripe)

    def make(key: str, *, enabled: bool = True) -> list[str]:
        settings.STRIPE_ENABLED, settings.STRIPE_STANDIN = enabled, False
        settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE_MODE = key, key == LIVE_KEY
        call_command("release", verbosity=0)
        return done

    return make


@pytest.mark.parametrize("key", [TEST_KEY, LIVE_KEY])
def test_release_sets_stripe_up_with_a_test_key_and_with_a_live_one(
    db: None, deploy: Callable[..., list[str]], key: str
) -> None:
    assert deploy(key) == [key]


def test_release_of_a_site_that_stopped_selling_goes_through(db: None, deploy: Callable[..., list[str]]) -> None:
    assert deploy(LIVE_KEY, enabled=False) == []


def test_release_without_a_key_leaves_stripe_alone(db: None, deploy: Callable[..., list[str]]) -> None:
    assert deploy("") == []
