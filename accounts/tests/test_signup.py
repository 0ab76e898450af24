from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from accounts.letters import as_html
from accounts.models import User
from accounts.printed_mail import PrintedMail
from accounts.tests.conftest import link_in_last_mail
from accounts.tests.people import EMAIL, PASSWORD


def sign_up(browser: Client, email: str = EMAIL) -> str:
    response = browser.post("/accounts/signup/", {"email": email, "password1": PASSWORD}, follow=True)
    return response.content.decode()


def test_sign_up_asks_to_look_into_the_mailbox(browser: Client) -> None:
    assert "Check your e-mail" in sign_up(browser)
    assert "_auth_user_id" not in browser.session
    assert mail.outbox[0].to == [EMAIL]


def test_the_link_in_the_mail_signs_in(browser: Client) -> None:
    sign_up(browser)
    confirmation = browser.get(link_in_last_mail())
    assert EMAIL in confirmation.content.decode()
    browser.post(link_in_last_mail())
    assert browser.session["_auth_user_id"] == str(User.objects.get().pk)


def test_an_unconfirmed_address_cannot_sign_in(browser: Client) -> None:
    sign_up(browser)
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert "_auth_user_id" not in browser.session


def test_the_owner_made_on_the_machine_signs_in_without_a_mail(browser: Client) -> None:
    owner = User.objects.create_superuser(EMAIL, PASSWORD)
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(owner.pk)
    assert browser.get("/admin/").status_code == 200


def test_a_link_that_is_printed_is_whole_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    link = "http://127.0.0.1:8000/accounts/confirm-email/" + "MQ:1xVoks:" * 12
    letter = EmailMultiAlternatives("Confirm", f"Confirm: {link}\n\nFMU Gateway", to=[EMAIL])
    letter.attach_alternative(as_html("Confirm", str(letter.body)), "text/html")
    PrintedMail().send_messages([letter])
    assert f"Confirm: {link}\n" in capsys.readouterr().out


def test_the_page_says_when_mail_is_only_printed(browser: Client, settings: Settings) -> None:
    assert "on the terminal" not in browser.get("/accounts/confirm-email/").content.decode()
    settings.MAILERS = {"default": {"BACKEND": "accounts.printed_mail.PrintedMail", "OPTIONS": {}}}
    assert "on the terminal" in browser.get("/accounts/confirm-email/").content.decode()


def test_an_old_link_is_explained(browser: Client) -> None:
    page = browser.get("/accounts/confirm-email/not-a-key/").content.decode()
    assert "does not work any more" in page


def test_a_weak_password_is_refused_beside_its_field(browser: Client) -> None:
    response = browser.post("/accounts/signup/", {"email": EMAIL, "password1": "12345678"})
    assert "errorlist" in response.content.decode()
    assert not User.objects.exists()


def test_nobody_learns_who_has_an_account(browser: Client, user: User) -> None:
    stranger = sign_up(browser, "stranger@example.com")
    known = sign_up(Client(headers={"Accept": "text/html"}), EMAIL)
    assert "Check your e-mail" in stranger
    assert "Check your e-mail" in known
    assert "You have an account already" in mail.outbox[-1].subject


def test_letters_come_as_text_and_as_html_with_a_button(browser: Client) -> None:
    sign_up(browser)
    letter = mail.outbox[0]
    assert isinstance(letter, EmailMultiAlternatives)
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert f'<a href="{link_in_last_mail()}"' in str(html)
    assert "three runs are on us" in str(letter.body)
    assert "three runs are on us" in str(html)


def test_repeated_wrong_passwords_are_stopped(browser: Client, user: User) -> None:
    answers = [
        browser.post("/accounts/login/", {"login": EMAIL, "password": f"wrong{attempt}"}) for attempt in range(12)
    ]
    assert answers[-1].status_code == 429 or "Too many" in answers[-1].content.decode()


def test_a_button_carries_the_words_before_its_address(browser: Client) -> None:
    html = as_html("Subject", "Hello.\n\nReset the password: https://x.example/reset\n\nSignature")
    assert '<a href="https://x.example/reset"' in html
    assert ">Reset the password</a>" in html
    assert "Signature" not in html
