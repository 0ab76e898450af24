"""Of dj-stripe's forty admin pages the three that help support. The rest goes: some break, some show secret keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from djstripe.models import Event, Invoice, Subscription

from accounts.staff import ReadOnlyAdmin
from billing.prices import money
from billing.subscriptions import period_end

for _model in [model for model in admin.site._registry if model._meta.app_label == "djstripe"]:
    admin.site.unregister(_model)


class _StripeAdmin(ReadOnlyAdmin):
    """Shows chosen fields of Stripe's own object, which dj-stripe keeps whole."""

    search_fields = ["id"]
    list_filter = ["livemode"]
    ordering = ["-created"]

    @admin.display(description="Status")
    def state(self, row: Any) -> str:
        return str(row.stripe_data.get("status") or "")

    @admin.display(description="Customer")
    def of_customer(self, row: Any) -> str:
        data = row.stripe_data
        return str(data.get("customer_email") or data.get("customer") or "")


@admin.register(Invoice)
class InvoiceAdmin(_StripeAdmin):
    """dj-stripe's own pages for invoices answer 500: they read a field that Stripe removed."""

    fields = ["id", "number", "state", "total", "of_customer", "paper", "livemode", "created"]
    list_display = ["id", "number", "state", "total", "of_customer", "created"]
    readonly_fields = ["number", "state", "total", "of_customer", "paper"]

    @admin.display(description="Number")
    def number(self, row: Any) -> str:
        return str(row.stripe_data.get("number") or "")

    @admin.display(description="Total")
    def total(self, row: Any) -> str:
        return money(row.stripe_data.get("total") or 0, row.stripe_data.get("currency") or "gbp")

    @admin.display(description="Stripe's page of it")
    def paper(self, row: Any) -> str:
        return str(row.stripe_data.get("hosted_invoice_url") or "")


@admin.register(Subscription)
class SubscriptionAdmin(_StripeAdmin):
    """Running and ended plans."""

    fields = ["id", "state", "of_customer", "ends", "cancels", "livemode", "created"]
    list_display = ["id", "state", "of_customer", "ends", "cancels", "created"]
    readonly_fields = ["state", "of_customer", "ends", "cancels"]

    @admin.display(description="Paid until")
    def ends(self, row: Any) -> datetime | None:
        return period_end(row.stripe_data)

    @admin.display(description="Stops then", boolean=True)
    def cancels(self, row: Any) -> bool:
        return bool(row.stripe_data.get("cancel_at_period_end"))


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What Stripe told us. Without its data, which may carry client secrets."""

    fields = list_display = ["id", "type", "livemode", "created"]
    list_filter = ["type", "livemode"]
    search_fields = ["id"]
    ordering = ["-created"]
