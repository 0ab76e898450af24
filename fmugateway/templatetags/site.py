"""Small things every page draws: icons, the current place in the menu, the balance."""

from __future__ import annotations

import re

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User

register = template.Library()

POWER = re.compile(r"(?<=[A-Za-z])-?\d+")
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of static/img/icons.svg; decoration only, the words beside it say what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.filter
def size(count: int) -> str:
    """Bytes as one says it: 100 MB, 1.5 GB; powers of 1024, as the limits are."""
    power = min(max(count.bit_length() - 1, 0) // 10, 3)
    return f"{count / 1024**power:.1f}".removesuffix(".0") + f" {('bytes', 'kB', 'MB', 'GB')[power]}"


@register.filter
def marked(text: str) -> SafeString:
    """Words between backticks as code."""
    parts = ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(text.split("`")))
    return format_html_join("", "{}", parts)


@register.filter
def unit(name: str | None) -> str:
    """A unit as engineers write it: kg·m² for kg.m2, nothing for what has none."""
    if not name or name == "1":
        return ""
    return POWER.sub(lambda power: power[0].translate(SUPERSCRIPTS), name).replace(".", "·")


@register.simple_tag(takes_context=True)
def current(context: template.Context, *names: str) -> SafeString | str:
    """`aria-current` when the page at hand has one of these URL names."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match is not None and match.view_name in names
    return SafeString(' aria-current="page"') if here else ""


@register.simple_tag
def credits_available(user: User) -> int:
    """How many runs this account could start now."""
    from billing import ledger

    return ledger.available(user)
