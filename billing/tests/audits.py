"""The audit as an assertion."""

from __future__ import annotations

from billing.audit import findings, one_moment


def assert_ledger_is_sound() -> None:
    with one_moment():
        assert not list(findings())
