"""The price list. A new amount is a new price at Stripe that takes the lookup key over."""

from __future__ import annotations

from typing import Any

import stripe
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.staff import ActionRefused, ReadOnlyAdmin, ReasonForm, ask_and_act, staff_action
from billing.card_fees import net_per_run
from billing.catalogue import change_amount
from billing.errors import SellingDisabled
from billing.models import Product
from billing.prices import money

# Stripe takes no smaller card payment in pounds.
SMALLEST = 30
LARGEST = 99_999_999


class PriceForm(ReasonForm):
    """Whole pence, so that no rounding can surprise."""

    amount = forms.IntegerField(
        label="New amount in pence", widget=UnfoldAdminIntegerFieldWidget(), help_text="100 is GBP 1.00, tax included."
    )
    field_order = ["amount", "reason"]

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError("A price of 0 sells nothing: give runs away with invite codes or goodwill.")
        if amount < SMALLEST:
            raise forms.ValidationError(f"Stripe takes no card payment below GBP 0.30: {SMALLEST}p is the least.")
        if amount > LARGEST:
            raise forms.ValidationError("Stripe takes no payment above GBP 999,999.99.")
        return amount


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """What we sell, and what a run leaves after Stripe's card fee."""

    list_display = ["key", "name", "price", "runs", "interval", "per_run", "net"]
    readonly_fields = ["net"]
    actions_detail = ["change_price"]

    @admin.display(description="Price", ordering="amount")
    def price(self, product: Product) -> str:
        return money(product.amount, product.currency)

    @admin.display(description="A run")
    def per_run(self, product: Product) -> str:
        return f"{product.amount / product.runs:.1f}p"

    @admin.display(description="A run after UK card fees")
    def net(self, product: Product) -> str:
        return f"{net_per_run(product.amount, product.runs):.1f}p"

    def has_price_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("billing.change_product")

    @staff_action(description="Change the price", permission="price", icon="sell")
    def change_price(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = "Makes a new price at Stripe. What is open in Checkout and running plans stay at the old one."
        return ask_and_act(
            self, request, object_id, title="Change the price", warning=warning, act=_change, form_class=PriceForm
        )


def _change(product: Product, answers: dict[str, Any]) -> str:
    old, new = product.amount, answers["amount"]
    if old == new:
        raise ActionRefused(f"{product.name} costs {money(old, product.currency)} already.")
    try:
        change_amount(product.key, new)
    except (stripe.StripeError, SellingDisabled) as error:
        raise ActionRefused(f"Stripe says no, the price is as it was: {error}") from error
    return f"{product.name}: {money(old, product.currency)} became {money(new, product.currency)}."
