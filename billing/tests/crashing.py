"""A worker that is killed: `python -m billing.tests.crashing EMAIL` dies once before every statement it sends.

A child of ours holds, runs and captures (or gives back), and is killed with SIGKILL before its first statement; the
next child before its second, and so on, until one comes through. After each death the ledger must be sound, and what
the sweep does next (settle the run again) must leave it exact. Prints JSON: how many deaths, and what went wrong.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fmugateway.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  after setup

from accounts.models import User  # noqa: E402
from billing import ledger  # noqa: E402
from billing.audit import findings, one_moment  # noqa: E402


def main(email: str) -> dict[str, Any]:
    user = User.objects.get(email=email)
    problems: list[str] = []
    deaths = sum(_die_everywhere(user, ending, problems) for ending in (ledger.capture, ledger.release))
    return {"deaths": deaths, "problems": problems}


def _die_everywhere(user: User, ending: Callable[[str], None], problems: list[str]) -> int:
    """How many statements a life has."""
    for number in itertools.count(1):
        reference = f"sim_{ending.__name__}_{number}"
        before = ledger.available(user)
        survived = _live(user, reference, ending, killed_before=number)
        problems += [str(finding) for finding in _audit()]
        _settle(reference, ending)
        expected = before - ledger.charged(reference)
        if ledger.available(user) != expected or ledger.balance(user).held:
            problems.append(f"{reference}: {ledger.available(user)} runs left, not {expected}")
        if survived:
            return number - 1
    raise AssertionError("unreachable")


def _live(user: User, reference: str, ending: Callable[[str], None], *, killed_before: int) -> bool:
    """One worker's life in a process of its own. Whether it came to its end."""
    connection.close()
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(_Killer(killed_before)):
            with transaction.atomic():
                ledger.hold(reference=reference, user=user)
            ending(reference)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


class _Killer:
    def __init__(self, before: int) -> None:
        self.left = before

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*call)


def _settle(reference: str, ending: Callable[[str], None]) -> None:
    """What the sweep does with a run whose worker is gone, and what a task delivered again does: the same once more."""
    ending(reference)
    ending(reference)


def _audit() -> list[Any]:
    with one_moment():
        return list(findings())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
