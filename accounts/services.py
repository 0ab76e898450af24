"""Stories of an account: delete it, make and revoke its API tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.models import ApiToken, User
from accounts.signals import account_deleted


@transaction.atomic
def delete_account(user: User) -> None:
    """Erase the person. The row stays, blank, because the ledger's lines point at it.

    Raises DeletionRefused, and then nothing has changed.
    """
    account_deleted.send(sender=User, user=user)
    for owned in (ApiToken, EmailAddress, Authenticator, SocialAccount):
        owned.objects.filter(user=user).delete()
    _blank(user)


def _blank(user: User) -> None:
    user.email = f"deleted-{secrets.token_hex(8)}@accounts.invalid"
    # Sessions carry a hash of the password: changing it ends every one of them.
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def create_token(user: User, *, name: str, days: int | None) -> tuple[ApiToken, str]:
    """A new API token and its secret, which nobody can read again. `days` None: it does not expire."""
    expiry = None if days is None else timedelta(days=days)
    token, secret = ApiToken.objects.create(user=user, name=name, expiry=expiry)
    return token, secret


def revoke_token(user: User, *, digest: str) -> bool:
    """Whether there was such a token of this account; it is gone now."""
    deleted, _ = ApiToken.objects.filter(user=user, digest=digest).delete()
    return bool(deleted)
