"""Fixtures for every test that pays: import them in a conftest.

    from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process

Whatever a test run says to its stand-in is recorded, and at the end held against Stripe's specification:
a single exchange or event that Stripe could not have sent fails the run.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing.tests.standin.client import StandIn
from billing.tests.standin.conformance import check_exchanges
from billing.tests.standin.process import running
from billing.tests.standin.spec import NEEDED_ONCE, available


@pytest.fixture(scope="session")
def stripe_standin_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in for the whole run."""
    folder = tmp_path_factory.mktemp("standin")
    record = Path(os.environ.get("STANDIN_RECORD") or folder / "exchanges.jsonl")
    with running(folder / "standin.sqlite3", record=record) as standin:
        yield standin
    if not record.exists():
        return
    if available():
        report = check_exchanges(record)
        assert not report.violations, report.text()
    else:
        warnings.warn(f"Nothing was held against Stripe's specification, which {NEEDED_ONCE}", stacklevel=1)


@pytest.fixture
def stripe_standin(stripe_standin_process: StandIn) -> StandIn:
    """The stand-in, empty and well."""
    stripe_standin_process.reset()
    return stripe_standin_process
