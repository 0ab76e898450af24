"""The price list: the database's rows, which follow Stripe, over the prices of the first day."""

from __future__ import annotations

from dataclasses import dataclass

from billing.models import Product

SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}


@dataclass(frozen=True)
class Price:
    """amount: minor units of currency. interval: "month" for a subscription, else "". stripe_price: "" until synced."""

    key: str
    name: str
    amount: int
    currency: str
    runs: int
    interval: str = ""
    stripe_price: str = ""

    @property
    def monthly(self) -> bool:
        return self.interval == "month"


DEFAULTS = (
    Price("single_run", "Single Simulation", 100, "gbp", 1),
    Price("pack_10", "Credit Pack", 800, "gbp", 10),
    Price("pilot_250", "Enterprise Pilot", 10_000, "gbp", 250, "month"),
)
KEYS = tuple(price.key for price in DEFAULTS)


def price_list() -> tuple[Price, ...]:
    """Everything we sell, cheapest first as on the first day."""
    rows = Product.objects.in_bulk(KEYS)
    return tuple(_of_row(rows[price.key]) if price.key in rows else price for price in DEFAULTS)


def price_of(key: str) -> Price:
    """Raises KeyError for what we do not sell."""
    return {price.key: price for price in price_list()}[key]


def _of_row(row: Product) -> Price:
    return Price(row.key, row.name, row.amount, row.currency, row.runs, row.interval, row.stripe_price)


def short_money(amount: int, currency: str) -> str:
    """`80p`, `£8`, `£8.50`: as pages say it."""
    if currency == "gbp" and amount < 100:
        return f"{amount}p"
    major = f"{amount // 100}" if amount % 100 == 0 else f"{amount / 100:.2f}"
    return f"{SIGNS.get(currency, currency.upper() + ' ')}{major}"


def money(amount: int, currency: str) -> str:
    """`GBP 1.00`: as programs and papers say it. All our currencies have two decimals."""
    return f"{currency.upper()} {amount // 100}.{amount % 100:02d}"
