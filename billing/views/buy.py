"""Buy a pack or the plan; the billing portal."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.exceptions import APIException

from billing import payments
from billing.customers import customer_id
from billing.members import member
from billing.pace import pace_checkout
from billing.prices import KEYS, price_list
from billing.stripe_api import client, configured, stripe_errors_as_unavailable
from billing.subscriptions import subscription_of
from billing.views.redirects import see_other


@require_http_methods(["GET", "HEAD", "POST"])
def buy_credits(request: HttpRequest) -> HttpResponse:
    return _buy(request) if request.method == "POST" else _show(request)


@require_POST
@login_required
def portal(request: HttpRequest) -> HttpResponse:
    """Stripe's own page for cards, invoices and cancelling."""
    try:
        pace_checkout(request)
        with stripe_errors_as_unavailable("open billing portal"):
            session = client().v1.billing_portal.sessions.create(
                {"customer": customer_id(member(request)), "return_url": settings.SITE_URL + reverse("credits")}
            )
    except APIException as error:
        messages.error(request, str(error.detail))
        return redirect("credits")
    return see_other(session.url)


def _show(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    user = request.user
    context = {
        "prices": price_list(),
        "selling": configured(),
        "subscription": subscription_of(user) if user.is_authenticated else None,
    }
    return render(request, "billing/buy_credits.html", context, status=status)


def _buy(request: HttpRequest) -> HttpResponse:
    product = request.POST.get("product", "")
    if not request.user.is_authenticated:
        return redirect_to_login(f"{reverse('buy_credits')}?{urlencode({'product': product})}")
    if product not in KEYS:
        messages.error(request, "Choose what to buy: a run, the pack or the plan.")
        return _show(request, status=400)
    try:
        pace_checkout(request)
        opened = payments.open_payment(product=product, user=member(request))
    except APIException as error:
        messages.error(request, str(error.detail))
        return _show(request, status=error.status_code)
    return see_other(opened.checkout_url)
