"""Whom the matrix sends. Each asks the API with a token and the pages with a session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client

from accounts.models import ApiToken, User
from billing import run_tokens
from billing.models import CreditLot
from billing.tests.shops import paid_by_a_guest

OWNER = "owner@example.com"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Person:
    """One who asks. user: None without an account. bearer: the credential of a program."""

    user: User | None = None
    bearer: str = ""

    def ask(self, method: str, by: str, address: str, body: Mapping[str, str]) -> HttpResponseBase:
        """by: `api` sends JSON and the credential; `page` sends a form, the session and a wish for HTML."""
        client = Client(raise_request_exception=False)
        if self.user and by == "page":
            client.force_login(self.user)
        if method == "GET":
            return client.get(address, body, headers=self._headers(by))
        kind, data = ("application/json", json.dumps(body)) if by == "api" else (FORM, urlencode(body))
        return client.generic(method, address, data, content_type=kind, headers=self._headers(by))

    def _headers(self, by: str) -> dict[str, str]:
        headers = {"Accept": "text/html"} if by == "page" else {}
        if self.bearer and (by == "api" or self.user is None):
            headers["Authorization"] = f"Bearer {self.bearer}"
        return headers


def anonymous() -> Person:
    return Person()


def owner() -> Person:
    return _with_token(User.objects.create_user(OWNER))


def other() -> Person:
    return _with_token(User.objects.create_user("other@example.com"))


def staff() -> Person:
    return _with_token(User.objects.create_user("staff@example.com", is_staff=True, is_superuser=True))


def run_token() -> Person:
    """Who paid for a run that has nothing to do with the owner."""
    payment = paid_by_a_guest()
    lot = CreditLot.objects.get(payment=payment)
    return Person(bearer=run_tokens.mint(run_tokens.Claims(payment.public_id, lot.public_id)).token)


def outcome(answer: HttpResponseBase) -> str:
    """The status, or `login` where the answer sends to the sign-in."""
    to_login = answer.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
    return "login" if to_login else str(answer.status_code)


def _with_token(user: User) -> Person:
    return Person(user, str(ApiToken.objects.create(user=user)[1]))
