"""What the storm needs done inside the site: `python -m billing.tests.storming buyers|balances` prints JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fmugateway.settings")
django.setup()

from django.db.models import Sum  # noqa: E402  after setup

from accounts.models import User  # noqa: E402
from billing import ledger, payments  # noqa: E402
from billing.models import CashEntry, CreditLot, Payment  # noqa: E402

KINDS = ("pack", "half refunded", "refunded", "dispute lost", "dispute won", "bank", "pilot", "guest")
BUYERS = 24


def buyers() -> list[dict[str, Any]]:
    """24 people with an open Checkout each, three of each kind."""
    return [_buyer(number, KINDS[number % len(KINDS)]) for number in range(BUYERS)]


def balances() -> dict[str, Any]:
    """What everybody has in the end: available, debt and lots of accounts; the state of guests."""
    accounts = {
        user.email: [ledger.available(user), ledger.balance(user).debt, CreditLot.objects.filter(user=user).count()]
        for user in User.objects.all()
    }
    guests = {payment.public_id: payment.status for payment in Payment.objects.filter(user=None)}
    kinds = CashEntry.objects.exclude(kind="fee").values_list("kind").annotate(total=Sum("amount"))
    return {"accounts": accounts, "guests": guests, "cash": dict(kinds)}


def _buyer(number: int, kind: str) -> dict[str, Any]:
    user = None if kind == "guest" else User.objects.create_user(f"{kind.replace(' ', '-')}-{number}@example.com")
    product = {"guest": "single_run", "pilot": "pilot_250"}.get(kind, "pack_10")
    opened = payments.open_payment(product=product, user=user)
    session = opened.payment.checkout_session
    return {"kind": kind, "email": user and user.email, "payment": opened.payment.public_id, "session": session}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"buyers": buyers, "balances": balances}[sys.argv[1]]()))
