"""Addresses of money."""

from __future__ import annotations

from django.urls import path
from djstripe.views import ProcessWebhookView

from billing.api.credits import CreditEntriesView, CreditsView
from billing.api.payments import BuyCreditsView, PaymentView, PayView
from billing.views.buy import buy_credits, portal
from billing.views.credits import credits_page, redeem
from billing.views.either import page_or_api
from billing.views.pay import pay, pay_return

urlpatterns = [
    path("pay", PayView.as_view(), name="open_payment"),
    path("pay/return", pay_return, name="pay_return"),
    path("pay/<str:payment_id>", pay, name="pay"),
    path("buy-credits", page_or_api(buy_credits, BuyCreditsView), name="buy_credits"),
    path("credits/redeem", redeem, name="redeem"),
    path("dashboard/credits/", credits_page, name="credits"),
    path("dashboard/credits/portal", portal, name="billing_portal"),
    path("api/v1/payments/<str:payment_id>", PaymentView.as_view(), name="payment"),
    path("api/v1/credits", CreditsView.as_view(), name="api_credits"),
    path("api/v1/credits/entries", CreditEntriesView.as_view(), name="api_credit_entries"),
    # The contract's address, which dj-stripe ends with a slash.
    path("stripe/webhook/<uuid:uuid>", ProcessWebhookView.as_view(), name="stripe_webhook"),
]
