"""What stands in the admin's sidebar: what one may open, by what one wants to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

# title, icon, model
GROUPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "People": (
        ("Accounts", "person", "accounts.user"),
        ("API tokens", "key", "accounts.apitoken"),
        ("Invite codes", "redeem", "billing.invitecode"),
        ("Redeemed", "card_giftcard", "billing.inviteredemption"),
    ),
    "Money": (
        ("Payments", "payments", "billing.payment"),
        ("Credits by lot", "stacks", "billing.creditlot"),
        ("Ledger of credits", "receipt_long", "billing.creditentry"),
        ("Ledger of cash", "account_balance", "billing.cashentry"),
        ("Prices", "sell", "billing.product"),
        ("Invoices", "description", "djstripe.invoice"),
        ("Subscriptions", "autorenew", "djstripe.subscription"),
        ("Events of Stripe", "webhook", "djstripe.event"),
    ),
    "Simulations": (
        ("Runs", "show_chart", "simulations.simulation"),
        ("Models", "deployed_code", "simulations.fmuholding"),
        ("Limits", "speed", "simulations.accountlimits"),
        ("Workers", "memory", "simulations.worker"),
    ),
    "Staff": (
        ("What staff did", "history", "admin.logentry"),
        ("Groups", "group", "auth.group"),
    ),
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """unfold's SIDEBAR.navigation."""
    overview = {"title": "Overview", "icon": "monitoring", "link": reverse("admin:index")}
    groups = [{"title": title, "separator": True, "items": _items(request, lines)} for title, lines in GROUPS.items()]
    return [{"title": "", "items": [overview]}, *(group for group in groups if group["items"])]


def environment(request: HttpRequest) -> tuple[str, str]:
    """The label beside the title: whether this is real money."""
    return ("Live", "success") if settings.STRIPE_LIVE_MODE else ("Test money", "warning")


def stylesheet(request: HttpRequest) -> str:
    """unfold's STYLES: the dashboard's own."""
    return static("owner/owner.css")


def _items(request: HttpRequest, lines: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [
        {"title": title, "icon": icon, "link": reverse(f"admin:{model.replace('.', '_')}_changelist")}
        for title, icon, model in lines
        if _may_view(request, model)
    ]


def _may_view(request: HttpRequest, model: str) -> bool:
    app, _, name = model.partition(".")
    return request.user.has_perm(f"{app}.view_{name}")
