"""The HTML of a letter, made from its text: every letter is written once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

# "Reset your password: https://..." on a line of its own becomes a button with these words.
BUTTON = re.compile(r"(?:(?P<label>[^:\n]{1,60}): )?(?P<address>https?://\S+)")


@dataclass(frozen=True)
class Paragraph:
    """One block of a letter; with an address it is a button."""

    text: str
    address: str = ""

    @classmethod
    def read(cls, block: str, subject: str) -> Paragraph:
        button = BUTTON.fullmatch(block)
        return cls(button["label"] or subject, button["address"]) if button else cls(block)


def as_html(subject: str, body: str) -> str:
    """A paragraph a block, a button for a block that is a link; the last block is the signature."""
    *blocks, _signature = (block.strip() for block in body.split("\n\n") if block.strip())
    paragraphs = [Paragraph.read(block, subject) for block in blocks]
    context = {"subject": subject, "paragraphs": paragraphs, "site_url": settings.SITE_URL}
    return render_to_string("account/email/message.html", context)
