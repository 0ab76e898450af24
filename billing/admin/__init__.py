"""The owner's view of money: ledgers are read, everything else changes through actions that ask for a reason."""

from billing.admin import invites, ledgers, payments, prices, stripe

__all__ = ["invites", "ledgers", "payments", "prices", "stripe"]
