"""All addresses of the site, app by app."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from fmugateway import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("simulations.api.urls")),
    path("", include("fmugateway.page_urls")),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
]
