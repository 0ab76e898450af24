"""Write amounts and days for people."""

import datetime as dt

_SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}


def amount(minor: int, currency: str) -> str:
    """`£8.00`, `-£1.00`."""
    sign = _SIGNS.get(currency, f"{currency.upper()} ")
    return f"{'-' if minor < 0 else ''}{sign}{abs(minor) / 100:,.2f}"


def day(second: int) -> str:
    """`24 November 2026`."""
    date = dt.datetime.fromtimestamp(second, dt.UTC)
    return f"{date.day} {date:%B %Y}"
