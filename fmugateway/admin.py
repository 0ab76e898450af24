"""One account on one page: balance, runs, payments. Goodwill is granted here."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.models import User
from accounts.staff import ReadOnlyAdmin, ReasonForm, ask_and_act, staff_action
from billing.balances import available, balance
from billing.grants import grant
from billing.models import LotSource, Payment
from simulations.models import Simulation

SHOWN = 15
SEES_MONEY = "billing.view_payment"


class GoodwillForm(ReasonForm):
    """How many runs."""

    runs = forms.IntegerField(min_value=1, max_value=1000, widget=UnfoldAdminIntegerFieldWidget())
    field_order = ["runs", "reason"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Whoever may change accounts may switch one off and give staff their groups; nobody edits an address."""

    list_display = ["email", "date_joined", "last_login", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email"]
    ordering = ["-date_joined"]
    actions_detail = ["grant_goodwill"]
    OVERVIEW = ("credits", "recent_payments", "recent_runs")
    readonly_fields = ["email", "date_joined", "last_login", *OVERVIEW]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only an owner makes owners: staff accounts are changed by superusers."""
        may = request.user.has_perm("accounts.change_user")
        return may and (request.user.is_superuser or obj is None or not obj.is_staff)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        money = ["credits", "recent_payments"] if request.user.has_perm(SEES_MONEY) else []
        rights = ["is_active", "is_staff", "groups"] if request.user.is_superuser else ["is_active"]
        who = {"fields": ["email", "date_joined", "last_login"]}
        return [(None, who), ("At a glance", {"fields": [*money, "recent_runs"]}), ("Rights", {"fields": rights})]

    def has_goodwill_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("billing.add_creditlot")

    @staff_action(description="Grant goodwill", permission="goodwill", icon="redeem")
    def grant_goodwill(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = "Free runs that do not expire. Runs that wait for a credit start at once."
        return ask_and_act(
            self, request, object_id, title="Grant goodwill", warning=warning, act=_goodwill, form_class=GoodwillForm
        )

    @admin.display(description="Credits")
    def credits(self, user: User) -> str:
        return render_to_string("admin/owner/credits.html", {"balance": balance(user), "user": user})

    @admin.display(description="Payments")
    def recent_payments(self, user: User) -> str:
        payments = Payment.objects.filter(user=user)
        return render_to_string("admin/owner/payments.html", {"payments": payments[:SHOWN], "count": payments.count()})

    @admin.display(description="Runs")
    def recent_runs(self, user: User) -> str:
        runs = Simulation.objects.filter(user=user)
        context = {"runs": runs.light()[:SHOWN], "count": runs.count(), "user": user}
        return render_to_string("admin/owner/runs.html", context)


def _goodwill(user: User, answers: dict[str, Any]) -> str:
    reference = f"goodwill:{user.pk}:{secrets.token_hex(6)}"
    grant(source=LotSource.GOODWILL, quantity=answers["runs"], reference=reference, user=user)
    return f"{answers['runs']} free runs granted; {user.email} can start {available(user)} now."
