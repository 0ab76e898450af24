"""Invite codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing import ledger
from billing.errors import InviteRefused
from billing.invites import redeem
from billing.models import InviteCode, InviteRedemption


def test_code_brings_its_runs(user: User) -> None:
    redeem(user, InviteCode.objects.create(runs=25).code)
    assert ledger.available(user) == 25


def test_code_is_read_as_people_type(user: User) -> None:
    InviteCode.objects.create(code="EARLY-BIRD", runs=5)
    redeem(user, " early-bird ")
    assert ledger.available(user) == 5


def test_account_redeems_a_code_once(user: User) -> None:
    invite = InviteCode.objects.create(runs=5, max_redemptions=10)
    redeem(user, invite.code)
    with pytest.raises(InviteRefused, match="already"):
        redeem(user, invite.code)
    invite.refresh_from_db()
    assert (ledger.available(user), invite.redeemed) == (5, 1)


def test_code_is_used_up(user: User) -> None:
    invite = InviteCode.objects.create(max_redemptions=1)
    redeem(user, invite.code)
    with pytest.raises(InviteRefused, match="used up"):
        redeem(User.objects.create_user("late@example.com"), invite.code)


def test_code_is_over(user: User) -> None:
    with pytest.raises(InviteRefused, match="expired"):
        redeem(user, InviteCode.objects.create(expires_at=timezone.now() - timedelta(seconds=1)).code)


def test_unknown_code_is_refused(user: User) -> None:
    with pytest.raises(InviteRefused, match="no such invite code"):
        redeem(user, "NOPE")
    assert not InviteRedemption.objects.exists()


def test_database_refuses_more_redemptions_than_allowed(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InviteCode.objects.create(max_redemptions=1, redeemed=2)


def test_owner_makes_codes_in_the_admin(admin_client: Client) -> None:
    form = {"code": "spring-fair", "note": "the fair", "runs": "20", "max_redemptions": "50"}
    assert admin_client.post("/admin/billing/invitecode/add/", form).status_code == 302
    assert InviteCode.objects.get().code == "SPRING-FAIR"
