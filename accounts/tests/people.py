"""Maya, who appears in the tests of accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User

EMAIL = "maya@example.com"
PASSWORD = "plot-the-curve-9"


def verified_user(email: str, password: str) -> User:
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
