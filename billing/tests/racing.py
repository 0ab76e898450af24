"""What a process of a race does: `python -m billing.tests.racing STORY ARGUMENT...` prints what it saw as JSON.

It starts when its standard input closes, so that all processes of a race start together.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fmugateway.settings")
django.setup()

from django.db import connection  # noqa: E402  after setup

from accounts.models import User  # noqa: E402
from billing import ledger  # noqa: E402
from billing.errors import OutOfCredit  # noqa: E402
from billing.grants import grant  # noqa: E402
from billing.models import LotSource, Payment  # noqa: E402
from billing.tests.shops import paid_by_a_guest  # noqa: E402


def give(email: str, runs: str) -> Counter[str]:
    """An account with these runs, in lots of at most 40."""
    user = User.objects.create_user(email)
    left = int(runs)
    while left:
        quantity = min(40, left)
        grant(source=LotSource.GOODWILL, quantity=quantity, reference=f"give:{email}:{left}", user=user)
        left -= quantity
    return Counter(given=int(runs))


def hold(email: str, prefix: str, threads: str) -> Counter[str]:
    """Each thread wants one run of its own."""
    user = User.objects.get(email=email)
    return together(int(threads), lambda number: _hold(f"sim_{prefix}_{number}", user=user))


def hold_same(email: str, reference: str, prefix: str, threads: str) -> Counter[str]:
    """All threads, here and elsewhere, hold for the same run."""
    user = User.objects.get(email=email)
    return together(int(threads), lambda number: _hold(reference, user=user))


def end(reference: str, prefix: str, threads: str) -> Counter[str]:
    """Half of the threads capture the run, half release it."""

    def act(number: int) -> str:
        (ledger.capture if number % 2 else ledger.release)(reference)
        return "ended"

    return together(int(threads), act)


def use_token(payment_id: str, prefix: str, threads: str) -> Counter[str]:
    """All threads spend the same paid run."""
    payment = Payment.objects.get(public_id=payment_id)
    return together(int(threads), lambda number: _hold(f"sim_{prefix}_{number}", payment=payment))


def guest_pays(payment_id: str) -> Counter[str]:
    """A stranger's paid run, as fulfilment leaves it."""
    paid_by_a_guest(public_id=payment_id)
    return Counter(paid=1)


def _hold(reference: str, *, user: User | None = None, payment: Payment | None = None) -> str:
    try:
        ledger.hold(reference=reference, user=user, payment=payment)
    except OutOfCredit:
        return "out of credit"
    return "held"


def together(threads: int, act: Callable[[int], str]) -> Counter[str]:
    """Run `act` in this many threads at the same moment and count what each answered or raised."""
    line = threading.Barrier(threads)

    def one(number: int) -> str:
        line.wait()
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001  whatever goes wrong is what the test is about
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(one, range(threads)))


STORIES = {story.__name__: story for story in (give, hold, hold_same, end, use_token, guest_pays)}

if __name__ == "__main__":
    sys.stdin.read()
    sys.stdout.write(json.dumps(STORIES[sys.argv[1]](*sys.argv[2:])))
