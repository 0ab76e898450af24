"""`Authorization: Bearer fmu_...` (or `Token fmu_...`) into a user."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from django.db.models import Q
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from fmugateway.prepared import Given, Prepared

SCHEMES = (b"bearer", b"token")
PREFIX = b"fmu_"


class ApiTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Looks only at credentials that start with `fmu_`; any other bearer is somebody else's to judge."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() not in SCHEMES or not credential.strip().startswith(PREFIX):
            _require_none_astray(request)
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

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """As knox does it, with a query that is compiled already."""
        text = token.decode(errors="replace")
        for known in _BY_KEY.all(key=text[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if not self._cleanup_token(known) and compare_digest(hash_token(text), known.digest):
                return self.validate_user(known)  # type: ignore[no-any-return]
        raise AuthenticationFailed

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Knox looks through all tokens of the account each time; only one that expires is worth that."""
        return auth_token.expiry is not None and super()._cleanup_token(auth_token)


def _require_none_astray(request: Request) -> None:
    """Whoever sends a token where nobody looks would be a guest, and be asked for money."""
    words = [*get_authorization_header(request).split(), request.headers.get("X-API-Key", "").encode()]
    if any(word.startswith(PREFIX) for word in words):
        raise AuthenticationFailed(
            "The API token is not where we look for it. Send it as 'Authorization: Bearer fmu_...'."
        )


_BY_KEY = Prepared(lambda: ApiToken.objects.filter(token_key=Given("key")).select_related("user"))


def _note_use(token: ApiToken) -> None:
    """Remember the last use, to the minute: one write a minute, not one a request."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
