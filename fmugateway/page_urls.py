"""Addresses of the public pages."""

from __future__ import annotations

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from fmugateway import pages
from fmugateway.sitemaps import PublicPages

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("docs/", pages.docs, name="docs"),
    path("docs/<slug:page>/", pages.docs, name="docs_page"),
    path("terms", pages.small_print, {"page": "terms"}, name="terms"),
    path("privacy", pages.small_print, {"page": "privacy"}, name="privacy"),
    path("refunds", pages.small_print, {"page": "refunds"}, name="refunds"),
    path("support", pages.small_print, {"page": "support"}, name="support"),
    path("status", pages.status, name="status"),
    path("llms.txt", pages.llms, name="llms"),
    path("problems/<slug:slug>", pages.problem, name="problem"),
    path("favicon.ico", pages.favicon),
    path(".well-known/security.txt", pages.security_txt),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": {"pages": PublicPages}}, name="sitemap"),
]
