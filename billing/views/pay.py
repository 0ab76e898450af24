"""The short link of a payment, and the way back from Checkout."""

from __future__ import annotations

import logging

import stripe
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import APIException

from billing import ownership, payments, reconcile
from billing.errors import FactsDisagree, SellingDisabled, Stale
from billing.models import Payment, PaymentStatus
from billing.pace import pace_checkout
from billing.prices import price_of, short_money
from billing.views.redirects import see_other

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Leads to Checkout while open; else says how the payment stands. POST opens a closed one again."""
    payment = get_object_or_404(Payment, public_id=payment_id, livemode=settings.STRIPE_LIVE_MODE)
    if request.method == "POST":
        return _reopen(request, payment)
    if payment.status == PaymentStatus.OPEN and payment.checkout_url and "canceled" not in request.GET:
        payments.note_opened(payment.public_id)
        return see_other(payment.checkout_url)
    if payment.status == PaymentStatus.OPEN and _is_asked_for_here(request, payment):
        # The page of the run says what it costs, and what else one may buy instead.
        return redirect("simulation", payment.simulation)
    return _show(request, payment)


@never_cache
@require_safe
def pay_return(request: HttpRequest) -> HttpResponse:
    """Checkout's success_url. The webhook may be late or lost, so this looks at Stripe as well."""
    payment = _returning_payment(request.GET.get("session_id", ""))
    if payment.simulation and ownership.owns(request, payment.simulation):
        return redirect("simulation", payment.simulation)
    if payment.user_id is not None and payment.user_id == request.user.pk and payment.paid_at:
        messages.success(request, f"Thank you. {payment.runs} credit{'s'[: payment.runs != 1]} added to your account.")
        return redirect("credits")
    return redirect("pay", payment.public_id)


def _returning_payment(session_id: str) -> Payment:
    if not session_id:
        raise Http404
    payment = get_object_or_404(Payment, checkout_session=session_id)
    try:
        return reconcile.reconcile_session(session_id) or payment
    except (stripe.StripeError, SellingDisabled, FactsDisagree, Stale) as error:
        log.warning("payment=%s return page could not ask Stripe: %s", payment.public_id, error)
        return payment


def _is_asked_for_here(request: HttpRequest, payment: Payment) -> bool:
    return bool(payment.simulation) and ownership.owns(request, payment.simulation)


def _reopen(request: HttpRequest, payment: Payment) -> HttpResponse:
    if payment.product != "single_run" and payment.user_id != request.user.pk:
        raise Http404
    try:
        pace_checkout(request)
        url = payments.reopen(payment)
    except APIException as error:
        messages.error(request, str(error.detail))
        return _show(request, payment, status=error.status_code)
    return see_other(url) if url else redirect("pay", payment.public_id)


def _show(request: HttpRequest, payment: Payment, *, status: int = 200) -> HttpResponse:
    context = {
        "payment": payment,
        "product": price_of(payment.product).name,
        "price": short_money(payment.amount, payment.currency),
        "waiting": payment.status == PaymentStatus.PROCESSING,
        "wanted": payments.is_wanted(payment),
        "mine": bool(payment.simulation) and ownership.owns(request, payment.simulation),
    }
    return render(request, "billing/pay.html", context, status=status)
