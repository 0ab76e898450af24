"""Codes that bring free runs to early adopters."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.staff import ReadOnlyAdmin
from billing.models import InviteCode, InviteRedemption


@admin.register(InviteCode)
class InviteCodeAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is not typed
    """Made and limited here; one that was used stays."""

    list_display = ["code", "runs", "redeemed", "max_redemptions", "expires_at", "note"]
    readonly_fields = ["redeemed"]
    search_fields = ["code", "note"]

    def has_delete_permission(self, request: HttpRequest, obj: InviteCode | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.redeemed == 0)

    def save_model(self, request: HttpRequest, obj: InviteCode, form: Any, change: bool) -> None:
        obj.code = obj.code.strip().upper()
        super().save_model(request, obj, form, change)


@admin.register(InviteRedemption)
class InviteRedemptionAdmin(ReadOnlyAdmin):
    """Who used which code."""

    list_display = ["invite", "user", "created_at"]
    list_select_related = ["invite", "user"]
