"""Small things every page draws: icons, the current place in the menu, the balance."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of static/img/icons.svg; decoration only, the words beside it say what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.filter
def price(amount: int, currency: str) -> str:
    """Minor units as one says it: £1, £8, 80p, $12.50."""
    if amount < 100 and currency == "gbp":
        return f"{amount}p"
    symbol = {"gbp": "£", "eur": "€", "usd": "$"}.get(currency, f"{currency.upper()} ")
    return f"{symbol}{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")


@register.filter
def unit(name: str | None) -> str:
    """A unit as engineers write it: N·m for N.m, nothing for what has none."""
    return "" if name in {None, "", "1"} else str(name).replace(".", "·")


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
