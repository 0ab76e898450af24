"""What an account has, what it paid, and where its runs went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from djstripe.models import Invoice

from accounts.models import User
from billing import invites, ledger
from billing.customers import known_customer_id
from billing.errors import InviteRefused
from billing.members import member
from billing.models import CreditEntry, Payment
from billing.prices import money, price_of
from billing.subscriptions import subscription_of

PER_PAGE = 25


@dataclass(frozen=True)
class Purchase:
    """One line of the account's paid bills. receipt, invoice: addresses at Stripe, "" when there is none."""

    date: datetime
    product: str
    price: str
    status: str
    receipt: str
    invoice: str


@require_safe
@login_required
def credits_page(request: HttpRequest) -> HttpResponse:
    user = member(request)
    entries = CreditEntry.objects.filter(lot__user=user, lot__livemode=settings.STRIPE_LIVE_MODE).select_related("lot")
    context = {
        "balance": ledger.balance(user),
        "subscription": subscription_of(user),
        "has_portal": known_customer_id(user) is not None,
        "purchases": purchases(user),
        "entries": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "billing/credits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def redeem(request: HttpRequest) -> HttpResponse:
    """An invite code becomes runs."""
    code = request.POST.get("code") or request.GET.get("code", "")
    if request.method == "POST":
        try:
            lot = invites.redeem(member(request), code)
        except InviteRefused as error:
            return render(request, "billing/redeem.html", {"code": code, "problem": error.detail}, status=422)
        messages.success(request, f"Welcome. {lot.quantity} credits were added to your account.")
        return redirect("credits")
    return render(request, "billing/redeem.html", {"code": code})


def purchases(user: User) -> list[Purchase]:
    """Everything this account paid for, newest first."""
    paid = Payment.objects.filter(user=user, livemode=settings.STRIPE_LIVE_MODE, paid_at__isnull=False)
    rows = list(paid.order_by("-paid_at")[:100])
    invoices = _invoices_by_payment(user)
    return [
        Purchase(
            date=payment.paid_at or payment.created_at,
            product=price_of(payment.product).name,
            price=money(payment.amount, payment.currency),
            status=payment.get_status_display(),
            receipt=payment.receipt_url,
            invoice=invoices.get(payment.invoice or payment.public_id, ""),
        )
        for payment in rows
    ]


def _invoices_by_payment(user: User) -> dict[str, str]:
    """Addresses of the account's invoices, by their id and, for packs, by our payment's."""
    found = Invoice.objects.filter(customer__subscriber=user).values_list("stripe_data", flat=True)
    by_id = {data["id"]: data.get("hosted_invoice_url") or "" for data in found}
    by_payment = {data["metadata"]["payment"]: by_id[data["id"]] for data in found if data["metadata"].get("payment")}
    return by_id | by_payment
