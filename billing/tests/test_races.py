"""Promises about money that must hold when many processes act at once, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from billing.tests.databases import ROOT, Database, database

__all__ = ["database"]

pytestmark = pytest.mark.xdist_group("races")


def race(database: Database, story: str, *arguments: str, processes: int = 2, threads: int = 10) -> Counter[str]:
    """Several processes with several threads each act at the same moment; what all of them saw."""
    runners = [_start(database, story, *arguments, f"{story}_{number}", str(threads)) for number in range(processes)]
    for runner in runners:
        assert runner.stdin
        runner.stdin.close()
    seen: Counter[str] = Counter()
    for runner in runners:
        assert runner.stdout
        seen += Counter(json.loads(runner.stdout.read()))
        assert runner.wait() == 0
    return seen


def _start(database: Database, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "billing.tests.racing", *words],
        cwd=ROOT,
        env=database.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def tell(database: Database, story: str, *arguments: str) -> None:
    database.run("-m", "billing.tests.racing", story, *arguments)


def test_200_simultaneous_runs_on_100_credits_are_exactly_100(database: Database) -> None:
    tell(database, "give", "hundred@example.com", "100")
    seen = race(database, "hold", "hundred@example.com", processes=4, threads=50)
    assert seen == {"held": 100, "out of credit": 100}


def test_one_run_held_by_everybody_at_once_costs_one_credit(database: Database) -> None:
    tell(database, "give", "same@example.com", "1")
    assert race(database, "hold_same", "same@example.com", "sim_same") == {"held": 20}


def test_capture_and_release_at_once_end_a_hold_once(database: Database) -> None:
    tell(database, "give", "end@example.com", "1")
    race(database, "hold_same", "end@example.com", "sim_end", processes=1, threads=1)
    assert race(database, "end", "sim_end") == {"ended": 20}


def test_one_paid_run_spent_by_everybody_at_once_runs_once(database: Database) -> None:
    tell(database, "guest_pays", "pay_raced")
    assert race(database, "use_token", "pay_raced") == {"held": 1, "out of credit": 19}


def test_worker_killed_before_any_statement_leaves_the_ledger_exact(database: Database) -> None:
    tell(database, "give", "killed@example.com", "60")
    seen = json.loads(database.run("-m", "billing.tests.crashing", "killed@example.com"))
    assert seen["problems"] == []
    assert seen["deaths"] >= 20
