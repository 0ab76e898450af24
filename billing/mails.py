"""Letters about money: written when the facts are committed, as text and HTML from the same words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from accounts.letters import as_html
from accounts.models import User
from billing.balances import available, debt
from billing.models import CreditLot, Payment
from billing.prices import money, price_of


def after_commit(letter: Callable[..., None], *facts: Any) -> None:
    """A letter about something that was rolled back would be a lie; one that fails must not undo what happened."""
    transaction.on_commit(lambda: letter(*facts), robust=True)


def runs_bought(payment: Payment) -> None:
    """Stripe sends a stranger the receipt; an account also gets its new balance."""
    lot = CreditLot.objects.get(payment=payment)
    runs = "1 run" if payment.runs == 1 else f"{payment.runs} runs"
    _send_about(payment, f"{runs} added to your account", "runs_bought", lot=lot)


def money_returned(payment: Payment) -> None:
    _send_about(payment, "Your payment was returned", "money_returned")


def dispute_opened(payment: Payment) -> None:
    _send_about(payment, "Your bank disputes a payment", "dispute_opened")


def renewal_failed(user: User, invoice_url: str) -> None:
    _send(user, "The Enterprise Pilot could not be renewed", "renewal_failed", invoice_url=invoice_url)


def subscription_ended(user: User) -> None:
    _send(user, "Your Enterprise Pilot has ended", "subscription_ended", available=available(user))


def _send_about(payment: Payment, subject: str, name: str, **context: Any) -> None:
    if (user := payment.user) is not None:
        context |= {
            "payment": payment,
            "product": price_of(payment.product).name,
            "price": money(payment.amount, payment.currency),
            "available": available(user),
            "debt": debt(user),
        }
        _send(user, subject, name, **context)


def _send(user: User, subject: str, name: str, **context: Any) -> None:
    if not user.is_active:
        return
    context |= {"site_url": settings.SITE_URL, "support_email": settings.SUPPORT_EMAIL}
    text = render_to_string(f"billing/mail/{name}.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[user.email])
    mail.attach_alternative(as_html(subject, text), "text/html")
    mail.send()
