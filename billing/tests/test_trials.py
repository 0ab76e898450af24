"""Free runs for new accounts, once."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from accounts.services import delete_account
from billing import ledger
from billing.models import CreditEntry, CreditLot, LotSource
from billing.trials import grant_trial


def confirm(user: User, email: str) -> None:
    address = EmailAddress.objects.create(user=user, email=email, verified=True)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)


def test_confirmed_address_brings_three_runs_for_thirty_days(user: User) -> None:
    confirm(user, user.email)
    lot = CreditLot.objects.get()
    assert (ledger.available(user), lot.source) == (3, LotSource.TRIAL)
    assert lot.expires_at
    assert (lot.expires_at - lot.created_at).days in (29, 30)


def test_second_address_of_the_account_brings_nothing(user: User) -> None:
    confirm(user, user.email)
    confirm(user, "second@example.com")
    assert ledger.available(user) == 3


def test_account_made_at_the_command_line_has_its_free_runs(db: None) -> None:
    call_command("create_token", "ada@example.com", verbosity=0)
    call_command("create_token", "ada@example.com", verbosity=0)
    assert ledger.available(User.objects.get(email="ada@example.com")) == 3


@pytest.mark.parametrize(("verified", "runs"), [(True, 3), (False, 0)])
def test_address_that_github_vouches_for_needs_no_letter(user: User, verified: bool, runs: int) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=verified)
    user_signed_up.send(sender=User, request=None, user=user)
    assert ledger.available(user) == runs


@pytest.mark.parametrize("again", ["ada@example.com", "ADA@Example.com", "ada+fmu@example.com"])
def test_same_person_again_brings_nothing(db: None, again: str) -> None:
    first = User.objects.create_user("ada@example.com")
    assert grant_trial(first, first.email)
    delete_account(first)
    assert not grant_trial(User.objects.create_user(again), again)


def test_dots_of_gmail_are_one_person(db: None) -> None:
    assert grant_trial(User.objects.create_user("a.d.a@gmail.com"), "a.d.a@gmail.com")
    assert not grant_trial(User.objects.create_user("ada@googlemail.com"), "ada@googlemail.com")


def test_address_is_remembered_as_a_hash(user: User) -> None:
    grant_trial(user, user.email)
    assert user.email.partition("@")[0] not in CreditEntry.objects.get().reference


def test_hash_survives_a_rolled_key(user: User, settings: Settings) -> None:
    grant_trial(user, "ada@example.com")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as the first one was and longer"
    assert not grant_trial(User.objects.create_user("ada@example.com"), "ada@example.com")


def test_site_without_trial_grants_nothing(user: User, settings: Settings) -> None:
    settings.TRIAL_RUNS = 0
    assert not grant_trial(user, user.email)
