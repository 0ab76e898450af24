"""How the owner's numbers are written."""

from __future__ import annotations

from django import template

from billing.prices import SIGNS
from fmugateway.metrics.numbers import Share

register = template.Library()
NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


@register.filter
def money(amount: float | None, currency: str) -> str:
    """`£12.40` of 1240 minor units."""
    if amount is None:
        return NOTHING
    sign = MINUS if amount < 0 else ""
    symbol = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{sign}{symbol}{abs(amount) / 100:,.2f}"


@register.filter
def pence(amount: float | None) -> str:
    """`78.5p`: for what is less than a pound."""
    return NOTHING if amount is None else f"{amount:z.1f}p".replace("-", MINUS)


@register.filter
def percent(share: Share) -> str:
    """`12.5 %`, or a dash when there was nothing to share."""
    return NOTHING if share.value is None else f"{100 * share.value:.1f} %"


@register.filter
def bar(share: Share) -> str:
    """Its width in a chart of shares, in per cent."""
    return f"{100 * (share.value or 0):.1f}"


@register.filter
def of_largest(amount: int, largest: int) -> str:
    return f"{100 * amount / largest:.1f}" if largest else "0"


@register.filter
def seconds(value: float | None) -> str:
    """`24 ms`, `1.3 s`, `2 min`, `3 h`: as precise as one wants to read it."""
    if value is None:
        return NOTHING
    if value < 1:
        return f"{1000 * value:.0f} ms"
    for limit, divisor, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if value < limit:
            return f"{value / divisor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{value / 86_400:.1f} days"


@register.inclusion_tag("admin/owner/change.html")
def change(now: int, before: int) -> dict[str, object]:
    """An arrow and the change since the period before."""
    if not before:
        return {"text": "new" if now else "", "direction": "up" if now else "same"}
    grown = 100 * (now - before) / abs(before)
    direction = "up" if grown > 0 else "down" if grown < 0 else "same"
    return {"text": f"{abs(grown):.0f} %", "direction": direction}
