"""Free runs for a new account, once a person as far as an e-mail address tells."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from billing.grants import grant
from billing.models import CreditEntry, CreditLot, EntryKind, LotSource

SALT = "billing.trial"
DOTLESS = ("gmail.com", "googlemail.com")


def grant_trial(user: User, email: str) -> bool:
    """settings.TRIAL_RUNS runs when neither this account nor this address had them before. Whether it did."""
    if not settings.TRIAL_RUNS or _had_one(user, email):
        return False
    try:
        with transaction.atomic():
            grant(
                source=LotSource.TRIAL,
                quantity=settings.TRIAL_RUNS,
                reference=_references(email)[0],
                user=user,
                expires_at=timezone.now() + timedelta(days=settings.TRIAL_DAYS),
            )
    except IntegrityError:
        return False  # a second confirmation at the same moment: the constraints let one in
    return True


def _had_one(user: User, email: str) -> bool:
    before = CreditEntry.objects.filter(kind=EntryKind.GRANT, reference__in=_references(email))
    return CreditLot.objects.filter(user=user, source=LotSource.TRIAL).exists() or before.exists()


def _references(email: str) -> list[str]:
    """The address as a hash that stays when the account is deleted; one for each key, newest first."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac(SALT, _normal(email), secret=secret, algorithm="sha256") for secret in secrets)
    return [f"trial:{digest.hexdigest()[:40]}" for digest in digests]


def _normal(email: str) -> str:
    """`J.Doe+fmu@gmail.com` and `jdoe@gmail.com` reach the same person."""
    name, _, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in DOTLESS:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
