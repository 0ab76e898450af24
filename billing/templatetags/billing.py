"""How a price reads."""

from __future__ import annotations

from django import template

from billing.prices import Price, short_money

register = template.Library()


@register.filter
def cost(price: Price) -> str:
    """`£8`, `£100 a month`."""
    return f"{short_money(price.amount, price.currency)}{' a month' if price.monthly else ''}"


@register.filter
def amount(price: Price) -> str:
    """`£8`, `£100`: without the month, for a page that says it beside."""
    return short_money(price.amount, price.currency)


@register.filter
def per_run(price: Price) -> str:
    """`80p`."""
    return short_money(round(price.amount / price.runs), price.currency)
