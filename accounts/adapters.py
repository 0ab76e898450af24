"""What allauth asks this project: how an e-mail looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Paragraph:
    """One block of a message; a block that is only a link becomes a button."""

    text: str

    @property
    def is_link(self) -> bool:
        return self.text.startswith(("http://", "https://")) and not any(map(str.isspace, self.text))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Every message is written once, as text; its HTML is made from the same words."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        message: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        message.attach_alternative(as_html(str(message.subject), str(message.body)), "text/html")
        return message


def as_html(subject: str, body: str) -> str:
    """The HTML of a letter written as text: a paragraph a block, a button for a block that is a link."""
    blocks = [Paragraph(block.strip()) for block in body.split("\n\n") if block.strip()]
    signature = 1  # the last block of every text says who writes; the HTML frames it instead
    context = {"subject": subject, "paragraphs": blocks[:-signature], "site_url": settings.SITE_URL}
    return render_to_string("account/email/message.html", context)
