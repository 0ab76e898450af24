"""All addresses of the site, app by app."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from fmugateway.metrics_api import MetricsView
from fmugateway.openapi import openapi
from fmugateway.reference import api_reference

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("docs/api", api_reference, name="api_reference"),
    path("docs/api/", require_safe(RedirectView.as_view(pattern_name="api_reference", permanent=True))),
    path("api/v1/metrics", MetricsView.as_view(), name="api_metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("simulations.api.urls")),
    path("", include("simulations.page_urls")),
    path("", include("fmugateway.page_urls")),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
]

handler400 = "fmugateway.error_views.bad_request"
handler403 = "fmugateway.error_views.permission_denied"
handler404 = "fmugateway.error_views.not_found"
handler500 = "fmugateway.error_views.server_error"
