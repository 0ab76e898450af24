"""`Authorization: Bearer fmu_...` (or `Token fmu_...`) into a user."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User

SCHEMES = (b"bearer", b"token")
PREFIX = b"fmu_"


class ApiTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Looks only at credentials that start with `fmu_`; any other bearer is somebody else's to judge."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() not in SCHEMES or not credential.strip().startswith(PREFIX):
            return None
        user, token = self._known(credential.strip())
        _note_use(token)
        return user, token

    def _known(self, credential: bytes) -> tuple[User, ApiToken]:
        try:
            known: tuple[User, ApiToken] = self.authenticate_credentials(credential)
        except AuthenticationFailed as error:
            raise AuthenticationFailed(
                "This API token is unknown, revoked or expired. Make a new one in the dashboard, under API tokens."
            ) from error
        return known

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Knox looks through all tokens of the account each time; only one that expires is worth that."""
        return auth_token.expiry is not None and super()._cleanup_token(auth_token)


def _note_use(token: ApiToken) -> None:
    """Remember the last use, to the minute: one write a minute, not one a request."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
