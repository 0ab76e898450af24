"""Who asks, behind a proxy that appends to what the asker says."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.tests.people import EMAIL, PASSWORD

OURS = "66.241.124.230"
ATTACKER, MAYA = "203.0.113.7", "198.51.100.1"


@pytest.fixture(autouse=True)
def behind_fly(settings: Settings) -> None:
    """Which appends two addresses: the client's, and its own that was asked."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 2}


def sign_in(address: str, *, password: str, email: str = EMAIL) -> Client:
    browser = Client(REMOTE_ADDR="172.16.0.1", headers={"X-Forwarded-For": f"{address}, {OURS}"})
    browser.post("/accounts/login/", {"login": email, "password": password})
    return browser


def test_a_stranger_who_guesses_locks_nobody_else_out(user: User) -> None:
    for number in range(31):
        sign_in(ATTACKER, password="a guess", email=f"somebody{number}@example.com")
    assert "_auth_user_id" in sign_in(MAYA, password=PASSWORD).session


@pytest.mark.parametrize("disguise", ["192.0.2.{}, 203.0.113.7", "2001:db8:0:1::{}"])
def test_a_stranger_who_guesses_is_stopped_under_any_disguise(user: User, disguise: str) -> None:
    """What the asker says about itself, and the many addresses of one network."""
    for number in range(31):
        sign_in(disguise.format(number), password="a guess", email=f"somebody{number}@example.com")
    assert "_auth_user_id" not in sign_in(disguise.format(99), password=PASSWORD).session
