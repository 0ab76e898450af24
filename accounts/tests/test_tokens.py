from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.authentication import ApiTokenAuthentication
from accounts.forms import MAX_TOKENS
from accounts.models import ApiToken, User
from accounts.services import create_token
from accounts.tests.people import verified_user


def make_token(browser: Client, name: str = "sweep", days: str = "30") -> str:
    return shown(browser.post("/dashboard/tokens/", {"name": name, "days": days}, follow=True).content.decode())


def shown(page: str) -> str:
    """The secret of a new token on its page."""
    found = re.search(r'id="token">(fmu_[^<]+)<', page)
    assert found
    return found[1]


def user_of(secret: str) -> User:
    authenticated = ApiTokenAuthentication().authenticate_credentials(secret.encode())
    user: User = authenticated[0]
    return user


def test_new_token_works_for_its_account(signed_in: Client, user: User) -> None:
    assert user_of(make_token(signed_in)) == user


@pytest.mark.parametrize(
    ("header", "value"),
    [("Authorization", "{}"), ("Authorization", "Bearer: {}"), ("Authorization", "ApiKey {}"), ("X-API-Key", "{}")],
)
def test_token_astray_is_not_a_guest_who_would_be_asked_for_money(db: None, header: str, value: str) -> None:
    _, token = create_token(verified_user("astray@example.com", "astray-password-1"), name="ci", days=None)
    response = Client().post("/simulate", headers={header: value.format(token)})
    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")
    assert "Send it as 'Authorization: Bearer fmu_...'" in response.json()["detail"]


def test_token_is_shown_once_and_kept_as_a_hash(signed_in: Client) -> None:
    secret = make_token(signed_in)
    assert secret not in signed_in.get("/dashboard/tokens/").content.decode()
    assert secret not in str(list(ApiToken.objects.values()))


def test_answer_with_a_token_is_not_stored_by_browsers(signed_in: Client) -> None:
    response = signed_in.post("/dashboard/tokens/", {"name": "sweep", "days": ""}, follow=True)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/dashboard/tokens/", "/dashboard/"])
def test_page_that_shows_a_token_may_be_reloaded(address: str, signed_in: Client) -> None:
    response = signed_in.post(address, {"name": "sweep", "days": ""})
    assert (response.status_code, response.headers["Location"]) == (302, address)
    assert 'id="token"' in signed_in.get(address).content.decode()
    assert 'id="token"' not in signed_in.get(address).content.decode()
    assert ApiToken.objects.count() == 1


def test_secret_that_waits_to_be_shown_lies_encrypted_and_not_for_long(signed_in: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        signed_in.post("/dashboard/tokens/", {"name": "sweep", "days": ""})
        kept = dict(signed_in.session)
        secret = shown(signed_in.get("/dashboard/tokens/").content.decode())
        assert secret not in str(kept)
        signed_in.post("/dashboard/tokens/", {"name": "sweep", "days": ""})
        clock.shift(timedelta(minutes=2))
        assert 'id="token"' not in signed_in.get("/dashboard/tokens/").content.decode()


def test_no_secret_remains_in_the_session_once_it_was_shown(signed_in: Client) -> None:
    secret = make_token(signed_in)
    assert secret not in str(dict(signed_in.session))


def test_first_token_made_in_place_never_enters_the_session(signed_in: Client) -> None:
    secret = shown(signed_in.post("/dashboard/", headers={"HX-Request": "true"}).content.decode())
    assert secret not in str(dict(signed_in.session))


def test_token_expires_as_chosen(signed_in: Client) -> None:
    make_token(signed_in, days="30")
    left = ApiToken.objects.get().expiry - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)


def test_token_without_an_end_has_none(signed_in: Client) -> None:
    make_token(signed_in, days="")
    assert ApiToken.objects.get().expiry is None


def test_expired_token_is_marked(signed_in: Client, user: User) -> None:
    token, _ = create_token(user, name="old", days=1)
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(days=1))
    assert "Expired" in signed_in.get("/dashboard/tokens/").content.decode()


def test_revoked_token_is_gone(signed_in: Client) -> None:
    make_token(signed_in)
    signed_in.post(f"/dashboard/tokens/{ApiToken.objects.get().digest}/revoke/")
    assert not ApiToken.objects.exists()


def test_nobody_revokes_the_token_of_another(signed_in: Client) -> None:
    token, _ = create_token(verified_user("other@example.com", "other-password-1"), name="theirs", days=None)
    response = signed_in.post(f"/dashboard/tokens/{token.digest}/revoke/")
    assert response.status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_an_account_has_a_bounded_number_of_tokens(signed_in: Client, user: User) -> None:
    for number in range(MAX_TOKENS):
        create_token(user, name=str(number), days=None)
    page = signed_in.post("/dashboard/tokens/", {"name": "one more", "days": ""}).content.decode()
    assert f"at most {MAX_TOKENS} tokens" in page
    assert ApiToken.objects.count() == MAX_TOKENS


def test_tokens_are_for_those_signed_in(browser: Client, user: User) -> None:
    assert browser.get("/dashboard/tokens/").headers["Location"].startswith("/accounts/login/")
