"""A person at a browser, and the letters they get."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.people import EMAIL, PASSWORD, verified_user


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    """Rate limits count in the cache."""
    cache.clear()


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept": "text/html"})


@pytest.fixture
def user() -> User:
    return verified_user(EMAIL, PASSWORD)


@pytest.fixture
def signed_in(browser: Client, user: User) -> Client:
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    return browser


@pytest.fixture
def trusted(signed_in: Client) -> Client:
    """Signed in, and has just proved it again."""
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return signed_in


def link_in_last_mail() -> str:
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]
