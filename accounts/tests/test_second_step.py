from __future__ import annotations

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.tests.people import EMAIL, PASSWORD


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def switch_on(trusted: Client) -> str:
    page = trusted.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'id="secret">([A-Z2-7]+)<', page)
    assert found
    trusted.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    return found[1]


def test_authenticator_app_is_asked_for_at_the_next_sign_in(trusted: Client) -> None:
    secret = switch_on(trusted)
    browser = Client(headers={"Accept": "text/html"})
    response = browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}, follow=True)
    assert "Second step" in response.content.decode()
    assert "_auth_user_id" not in browser.session

    Authenticator.objects.get(type="totp")
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "_auth_user_id" in browser.session


def test_wrong_code_does_not_open(trusted: Client) -> None:
    secret = switch_on(trusted)
    browser = Client(headers={"Accept": "text/html"})
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"
    response = browser.post("/accounts/2fa/authenticate/", {"code": wrong})
    assert "errorlist" in response.content.decode()
    assert "_auth_user_id" not in browser.session


def test_recovery_code_opens_once(trusted: Client) -> None:
    switch_on(trusted)
    page = trusted.get("/accounts/2fa/recovery-codes/").content.decode()
    found = re.search(r'id="codes"[^>]*>([0-9a-z]+)', page)
    assert found
    for opened in (True, False):
        browser = Client(headers={"Accept": "text/html"})
        browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
        browser.post("/accounts/2fa/authenticate/", {"code": found[1]})
        assert ("_auth_user_id" in browser.session) is opened


def test_changing_the_second_step_asks_who_it_is(signed_in: Client) -> None:
    response = signed_in.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Is it you?" in response.content.decode()


def test_passkey_page_offers_to_add_one(trusted: Client) -> None:
    page = trusted.get("/accounts/2fa/webauthn/add/").content.decode()
    assert 'id="mfa_webauthn_add"' in page
    assert "Sign in with it alone" in page
    assert '"publicKey"' in page
