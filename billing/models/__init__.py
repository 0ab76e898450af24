"""Facts about money, one row at a time; the stories are told by the services beside this folder."""

from __future__ import annotations

from billing.models.cash import CashEntry
from billing.models.entries import CreditEntry, EntryKind
from billing.models.invites import InviteCode, InviteRedemption
from billing.models.lots import CreditLot, Frozen, LotSource
from billing.models.payments import Payment, PaymentStatus
from billing.models.products import Product

__all__ = [
    "CashEntry",
    "CreditEntry",
    "CreditLot",
    "EntryKind",
    "Frozen",
    "InviteCode",
    "InviteRedemption",
    "LotSource",
    "Payment",
    "PaymentStatus",
    "Product",
]
