"""Lots and the two ledgers. Nobody edits them, not even here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.staff import ActionRefused, ReadOnlyAdmin, ask_and_act, staff_action
from billing.grants import forgive
from billing.models import CashEntry, CreditEntry, CreditLot
from billing.prices import money


@admin.register(CreditLot)
class CreditLotAdmin(ReadOnlyAdmin):
    """Runs that somebody got at one time. A debt can be forgiven."""

    list_display = ["public_id", "user", "source", "remaining", "held", "debt", "frozen", "expires_at", "livemode"]
    list_filter = ["source", "frozen", "livemode"]
    search_fields = ["public_id", "user__email", "payment__public_id"]
    list_select_related = ["user"]
    actions_detail = ["forgive_debt"]

    def has_forgive_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("billing.change_creditlot")

    @staff_action(description="Forgive the debt", permission="forgive", icon="handshake")
    def forgive_debt(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = "The runs that were used and whose money went back are forgiven; the account can run again."
        return ask_and_act(self, request, object_id, title="Forgive the debt", warning=warning, act=_forgive)


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    """Every change of every lot."""

    list_display = ["created_at", "kind", "delta", "reference", "lot"]
    list_filter = ["kind"]
    search_fields = ["reference", "lot__public_id", "lot__user__email"]
    list_select_related = ["lot"]


@admin.register(CashEntry)
class CashEntryAdmin(ReadOnlyAdmin):
    """Every movement of money."""

    list_display = ["occurred_at", "kind", "sum", "payment", "stripe_id", "livemode"]
    list_filter = ["kind", "livemode", "currency"]
    search_fields = ["stripe_id", "payment__public_id"]
    list_select_related = ["payment"]

    @admin.display(description="Amount", ordering="amount")
    def sum(self, entry: CashEntry) -> str:
        sign = "-" if entry.amount < 0 else ""
        return sign + money(abs(entry.amount), entry.currency)


def _forgive(lot: CreditLot, answers: dict[str, Any]) -> str:
    if not lot.debt:
        raise ActionRefused(f"{lot.public_id} owes nothing.")
    forgive(lot, reference=f"forgive:{lot.public_id}:{lot.entries.count()}")
    return f"{lot.debt} runs forgiven."
