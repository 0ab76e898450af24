"""What allauth asks this project: how an e-mail looks, who asks, what a wrong second step is called."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest

from accounts.addresses import address_of, network_of
from accounts.letters import as_html


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Sends every message as text and as HTML, and tells apart those who ask through one proxy."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        message: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        message.attach_alternative(as_html(str(message.subject), str(message.body)), "text/html")
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every link leads to the site. allauth's lead to where the asker said it was, on any port of this host."""
        links = {name: _at_the_site(value) for name, value in context.items() if _is_link(value)}
        super().send_mail(template_prefix, email, context | links)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Attempts are counted by it. allauth's own is the proxy's, so that one stranger would lock everybody out."""
        return network_of(address_of(request))


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _at_the_site(link: str) -> str:
    return settings.SITE_URL + urlunsplit(("", "", *urlsplit(link)[2:]))


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Who comes with a passkey that was removed has typed no code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code or passkey does not open an account here. Try another, or your password."
    }
