"""What every template may know about the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's own address and names."""
    return {
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "stripe_enabled": settings.STRIPE_ENABLED,
        "stripe_standin": settings.STRIPE_STANDIN,
        "mail_is_printed": settings.MAILERS["default"]["BACKEND"] == "accounts.printed_mail.PrintedMail",
    }
