"""Make an API token for an account; make the account too when there is none."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Make an API token for EMAIL and print it, once. Makes a verified account when there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Command line")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _account(options["email"])
        _, token = ApiToken.objects.create(user=user, name=options["name"])
        self.stdout.write(token)


def _account(email: str) -> User:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is not an e-mail address.") from error
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email)
        address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    return user
