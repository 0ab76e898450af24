"""The owner's view of money: ledgers are read, prices and invites are changed."""

from __future__ import annotations

from typing import Any

import stripe
from django.contrib import admin, messages
from django.http import HttpRequest

from billing.catalogue import change_amount
from billing.errors import SellingDisabled
from billing.grants import forgive
from billing.models import (
    CashEntry,
    CreditEntry,
    CreditLot,
    InviteCode,
    InviteRedemption,
    Payment,
    Product,
)


class ReadOnly:
    """What happened is not edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin[Payment]):
    list_display = ["public_id", "product", "status", "amount", "currency", "user", "livemode", "created_at"]
    list_filter = ["status", "product", "livemode"]
    search_fields = ["public_id", "simulation", "checkout_session", "payment_intent", "invoice", "user__email"]
    list_select_related = ["user"]
    exclude = ["claim_hash"]


@admin.register(CreditLot)
class CreditLotAdmin(ReadOnly, admin.ModelAdmin[CreditLot]):
    list_display = ["public_id", "user", "source", "remaining", "held", "debt", "frozen", "expires_at", "livemode"]
    list_filter = ["source", "frozen", "livemode"]
    search_fields = ["public_id", "user__email", "payment__public_id"]
    list_select_related = ["user"]
    actions = ["forgive_debt"]

    def has_forgive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_creditlot")

    @admin.action(description="Forgive the debt", permissions=["forgive"])
    def forgive_debt(self, request: HttpRequest, lots: Any) -> None:
        for lot in lots.filter(debt__gt=0):
            forgive(lot, reference=f"forgive:{lot.public_id}:{lot.entries.count()}")


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnly, admin.ModelAdmin[CreditEntry]):
    list_display = ["created_at", "kind", "delta", "reference", "lot"]
    list_filter = ["kind"]
    search_fields = ["reference", "lot__public_id", "lot__user__email"]
    list_select_related = ["lot"]


@admin.register(CashEntry)
class CashEntryAdmin(ReadOnly, admin.ModelAdmin[CashEntry]):
    list_display = ["occurred_at", "kind", "amount", "currency", "payment", "livemode"]
    list_filter = ["kind", "livemode"]
    search_fields = ["stripe_id", "payment__public_id"]
    list_select_related = ["payment"]


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    """A new amount is a new price at Stripe that takes the lookup key over."""

    list_display = ["key", "name", "amount", "currency", "runs", "interval"]
    fields = ["key", "name", "amount", "currency", "runs", "interval"]
    readonly_fields = ["key", "name", "currency", "runs", "interval"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        try:
            change_amount(obj.key, obj.amount)
        except (stripe.StripeError, SellingDisabled) as error:
            self.message_user(request, f"Stripe says no, the price is as it was: {error}", messages.ERROR)


@admin.register(InviteCode)
class InviteCodeAdmin(admin.ModelAdmin[InviteCode]):
    list_display = ["code", "runs", "redeemed", "max_redemptions", "expires_at", "note"]
    readonly_fields = ["redeemed"]
    search_fields = ["code", "note"]

    def has_delete_permission(self, request: HttpRequest, obj: InviteCode | None = None) -> bool:
        return obj is None or obj.redeemed == 0

    def save_model(self, request: HttpRequest, obj: InviteCode, form: Any, change: bool) -> None:
        obj.code = obj.code.strip().upper()
        super().save_model(request, obj, form, change)


@admin.register(InviteRedemption)
class InviteRedemptionAdmin(ReadOnly, admin.ModelAdmin[InviteRedemption]):
    list_display = ["invite", "user", "created_at"]
    list_select_related = ["invite", "user"]
