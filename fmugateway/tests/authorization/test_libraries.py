"""Addresses that libraries bring: the admin's are for staff, allauth's for who is signed in, but for the ways in."""

from __future__ import annotations

import pytest

from fmugateway.tests.authorization import people
from fmugateway.tests.authorization.addresses import ADMIN, SIGN_IN, addresses_under
from fmugateway.tests.authorization.people import outcome

pytestmark = pytest.mark.django_db

WAYS_IN = {
    "3rdparty/login/cancelled/",
    "3rdparty/login/error/",
    "confirm-email/",
    "inactive/",
    "login/",
    "logout/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "signup/",
    # Former addresses, which lead to the ones above.
    "social/connections/",
    "social/login/cancelled/",
    "social/login/error/",
    "social/signup/",
}


@pytest.mark.parametrize("who", ["anonymous", "other", "run_token"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_admin_opens_to_staff_alone(who: str, method: str) -> None:
    person = getattr(people, who)()
    answers = {address: person.ask(method, "page", address, {}) for address in addresses_under(ADMIN)}
    del answers["/admin/logout/"]
    elsewhere = ("/admin/login/?next=", "/accounts/login/?next=")
    opened = [
        address
        for address, answer in answers.items()
        if answer.status_code != 403 and not answer.headers.get("Location", "").startswith(elsewhere)
    ]
    assert answers
    assert opened == []


def test_only_the_ways_in_open_without_signing_in() -> None:
    anonymous, addresses = people.anonymous(), addresses_under(SIGN_IN)
    opened = {address for address in addresses if outcome(anonymous.ask("GET", "page", address, {})) != "login"}
    assert opened == {f"/{SIGN_IN}{name}" for name in WAYS_IN}
