"""The admin: django-unfold's, with the site's own sign-in and a content policy that its Alpine.js can live with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

type View = Callable[..., Any]

# Alpine.js evaluates the expressions in attributes; unfold writes its colours into a style element.
ADMIN_CSP: dict[str, Any] = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}


class OwnerAdminSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold is not typed
    """Signing in goes through the site's own page, so that a second step counts here too."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        protected: View = secure_admin_login(super().login)
        answer: HttpResponse = protected(request, extra_context)
        return answer

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        relaxed: View = csp_override(ADMIN_CSP)(super().admin_view(view, cacheable))
        return relaxed

    def get_urls(self) -> list[Any]:
        from fmugateway.dashboard import metrics_csv

        return [path("metrics.csv", self.admin_view(metrics_csv), name="metrics_csv"), *super().get_urls()]
