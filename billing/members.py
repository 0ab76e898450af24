"""The account behind a request that needs one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


def member(request: HttpRequest | Request) -> User:
    """`login_required` or IsAuthenticated has seen to it; anything else is refused."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
