from __future__ import annotations

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import link_in_last_mail
from accounts.tests.people import EMAIL, PASSWORD

NEW = "another-curve-10"


def test_forgotten_password_is_reset_by_mail(browser: Client, user: User) -> None:
    browser.post("/accounts/password/reset/", {"email": EMAIL})
    form = browser.get(link_in_last_mail(), follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert browser.login(email=EMAIL, password=NEW)


@pytest.mark.parametrize("email", [EMAIL, "stranger@example.com"])
def test_a_mail_leads_to_the_site_whatever_host_the_asker_named(browser: Client, user: User, email: str) -> None:
    """Whoever asks for somebody else's password may have another port of this host, and would get the key."""
    browser.post("/accounts/password/reset/", {"email": email}, headers={"Host": "localhost:6666"})
    assert link_in_last_mail().startswith(f"{settings.SITE_URL}/accounts/")
    assert "6666" not in str(mail.outbox[-1].body)


def test_reset_link_works_once(browser: Client, user: User) -> None:
    browser.post("/accounts/password/reset/", {"email": EMAIL})
    link = link_in_last_mail()
    form = browser.get(link, follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    again = Client(headers={"Accept": "text/html"}).get(link, follow=True)
    assert "does not work any more" in again.content.decode()


def test_reset_for_a_stranger_looks_the_same_and_tells_the_mailbox(browser: Client) -> None:
    response = browser.post("/accounts/password/reset/", {"email": "stranger@example.com"}, follow=True)
    assert "Check your e-mail" in response.content.decode()
    assert mail.outbox[-1].subject == "There is no account with this address"


def test_changed_password_is_told_by_mail(signed_in: Client) -> None:
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    signed_in.post("/accounts/password/change/", change)
    assert mail.outbox[-1].subject == "Your password has changed"
    assert "Was it not you?" in str(mail.outbox[-1].body)


def test_new_address_replaces_the_old_one_once_confirmed(trusted: Client, user: User) -> None:
    trusted.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    user.refresh_from_db()
    assert user.email == EMAIL
    trusted.post(link_in_last_mail())
    user.refresh_from_db()
    assert user.email == "new@example.com"
