"""What Stripe keeps of a payment with a UK card, for thinking about prices. The ledger has what it really kept."""

from __future__ import annotations

from decimal import Decimal

CARD_SHARE = Decimal("0.015")
CARD_FIXED = Decimal(20)


def card_fee(amount: int) -> Decimal:
    """1.5 % and 20p, in pence."""
    return amount * CARD_SHARE + CARD_FIXED


def net_per_run(amount: int, runs: int) -> Decimal:
    """What one run brings in when all are used, in pence."""
    return (amount - card_fee(amount)) / runs
