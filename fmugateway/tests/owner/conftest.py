"""Staff with and without rights, and a shop that Stripe's stand-in keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from billing.tests.conftest import shop, user, webhooks
from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process

__all__ = ["shop", "stripe_standin", "stripe_standin_process", "user", "webhooks"]


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("owner@example.com", "pass")


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def staff(db: None) -> Callable[..., Client]:
    """staff("billing.view_payment") signs in a member of staff who may do that and nothing else."""

    def make(*rights: str) -> Client:
        person = User.objects.create_user(f"staff{User.objects.count()}@example.com", is_staff=True)
        for right in rights:
            app, _, codename = right.partition(".")
            person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client = Client()
        client.force_login(person)
        return client

    return make


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
