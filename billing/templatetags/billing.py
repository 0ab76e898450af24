"""How a price reads."""

from __future__ import annotations

from django import template

from billing.prices import Price

register = template.Library()

SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}


@register.filter
def cost(price: Price) -> str:
    """`£8`, `£100 a month`."""
    return f"{_amount(price.amount, price.currency)}{' a month' if price.monthly else ''}"


@register.filter
def amount(price: Price) -> str:
    """`£8`, `£100`: without the month, for a page that says it beside."""
    return _amount(price.amount, price.currency)


@register.filter
def per_run(price: Price) -> str:
    """`80p`."""
    return _amount(round(price.amount / price.runs), price.currency)


def _amount(minor: int, currency: str) -> str:
    if currency == "gbp" and minor < 100:
        return f"{minor}p"
    major = f"{minor // 100}" if minor % 100 == 0 else f"{minor / 100:.2f}"
    return f"{SIGNS.get(currency, currency.upper() + ' ')}{major}"
