"""Takes the place of django.contrib.admin in INSTALLED_APPS; apart from the site, which needs loaded apps."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OwnerAdminConfig(AdminConfig):
    default_site = "fmugateway.admin_site.OwnerAdminSite"
