from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.errors import DeletionRefused
from accounts.models import ApiToken, User
from accounts.services import create_token
from accounts.signals import account_deleted
from accounts.tests.people import EMAIL, PASSWORD

DELETE = "/dashboard/account/delete/"


def test_deletion_asks_who_it_is(signed_in: Client) -> None:
    assert signed_in.get(DELETE).headers["Location"].startswith("/accounts/reauthenticate/")


def test_deletion_wants_a_conscious_yes(trusted: Client) -> None:
    trusted.post(DELETE, {})
    assert User.objects.filter(email=EMAIL).exists()


def test_deleted_account_leaves_a_blank_row(trusted: Client, user: User) -> None:
    create_token(user, name="sweep", days=None)
    response = trusted.post(DELETE, {"sure": "on"}, follow=True)
    assert "Your account is deleted" in response.content.decode()

    row = User.objects.get(pk=user.pk)
    assert row.email.endswith("@accounts.invalid")
    assert not row.is_active
    assert not row.has_usable_password()
    for owned in (ApiToken, EmailAddress, Authenticator):
        assert not owned.objects.filter(user=user).exists()


def test_deletion_ends_every_session(trusted: Client) -> None:
    elsewhere = Client(headers={"Accept": "text/html"})
    elsewhere.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert elsewhere.get("/dashboard/account/").status_code == 200
    trusted.post(DELETE, {"sure": "on"})
    assert elsewhere.get("/dashboard/account/").status_code == 302


def test_the_address_is_free_again(trusted: Client) -> None:
    trusted.post(DELETE, {"sure": "on"})
    Client().post("/accounts/signup/", {"email": EMAIL, "password1": PASSWORD})
    assert User.objects.filter(email=EMAIL).exists()


@pytest.fixture
def objection() -> Iterator[None]:
    def refuse(user: User, **kwargs: Any) -> None:
        raise DeletionRefused("A subscription still renews. Cancel it first.")

    account_deleted.connect(refuse)
    yield
    account_deleted.disconnect(refuse)


def test_what_stands_in_the_way_is_said_and_nothing_changes(trusted: Client, user: User, objection: None) -> None:
    page = trusted.post(DELETE, {"sure": "on"}).content.decode()
    assert "Cancel it first" in page
    user.refresh_from_db()
    assert user.is_active
    assert user.email == EMAIL
