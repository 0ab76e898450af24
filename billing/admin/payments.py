"""Payments: look again at Stripe, give the money back."""

from __future__ import annotations

from typing import Any

import stripe
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.staff import ActionRefused, ReadOnlyAdmin, ask_and_act, staff_action
from billing import reconcile
from billing.errors import FactsDisagree, SellingDisabled, Stale, UnknownPayment
from billing.models import CreditLot, Frozen, Payment, PaymentStatus
from billing.prices import money
from billing.signals import payment_settled

NOT_NOW = (stripe.StripeError, SellingDisabled, FactsDisagree, UnknownPayment, Stale)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Who bought what, and how far it is."""

    list_display = ["public_id", "product", "status", "price", "user", "livemode", "created_at", "paid_at"]
    list_filter = ["status", "product", "livemode"]
    search_fields = ["public_id", "simulation", "checkout_session", "payment_intent", "invoice", "user__email"]
    list_select_related = ["user"]
    exclude = ["claim_hash"]
    actions_detail = ["refund", "look_again"]

    @admin.display(description="Price", ordering="amount")
    def price(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    def has_refund_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("billing.change_payment")

    @staff_action(description="Refund", permission="refund", icon="undo")
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = (
            "All that is left of this payment goes back through Stripe; its unused runs go with it. This is final."
        )
        return ask_and_act(self, request, object_id, title="Refund", warning=warning, act=_refund)

    @staff_action(description="Fulfil again", permission="refund", icon="sync")
    def look_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = (
            "Asks Stripe how this payment stands, grants what was paid and not granted, starts the run it was for."
        )
        return ask_and_act(self, request, object_id, title="Fulfil again", warning=warning, act=_look_again)


def _refund(payment: Payment, answers: dict[str, Any]) -> str:
    _refuse_refund(payment)
    try:
        settled = reconcile.give_money_back(payment)
    except NOT_NOW as error:
        raise ActionRefused(f"Stripe says no, try again later: {error}") from error
    state = settled.get_status_display().lower() if settled else "unknown"
    return f"{money(payment.amount, payment.currency)} is on its way back; the payment is now {state}."


def _refuse_refund(payment: Payment) -> None:
    """Before Stripe is asked: what was given back once is not given back again."""
    if payment.status == PaymentStatus.REFUNDED:
        raise ActionRefused(f"{payment.public_id} was refunded already. Grant goodwill if more is owed.")
    if payment.status == PaymentStatus.DISPUTED:
        raise ActionRefused(f"{payment.public_id} is disputed: answer the dispute in the Stripe dashboard instead.")
    if payment.paid_at is None or not payment.payment_intent:
        raise ActionRefused(f"{payment.public_id} took no money, so there is none to give back.")
    if CreditLot.objects.filter(payment=payment, frozen=Frozen.REFUND).exists():
        raise ActionRefused(f"A refund of {payment.public_id} is on its way: fulfil again to see how far it is.")


def _look_again(payment: Payment, answers: dict[str, Any]) -> str:
    try:
        _reconcile(payment)
    except NOT_NOW as error:
        raise ActionRefused(f"Stripe says no: {error}") from error
    payment.refresh_from_db()
    if payment.status == PaymentStatus.PAID:
        payment_settled.send_robust(sender=Payment, payment=payment)
    return f"{payment.public_id}: {payment.get_status_display().lower()}."


def _reconcile(payment: Payment) -> None:
    if payment.invoice:
        reconcile.reconcile_invoice(payment.invoice)
    elif payment.checkout_session:
        reconcile.reconcile_session(payment.checkout_session)
    else:
        raise ActionRefused(f"{payment.public_id} never reached Stripe: there is nothing to look at.")
