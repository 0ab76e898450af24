"""What the stand-in says could have come from Stripe: held against Stripe's own specification."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from billing.stripe_standin.resources.catalogue import ROUTES
from billing.tests.standin.conformance import Json, check_exchanges
from billing.tests.standin.process import running
from billing.tests.standin.spec import available, fetch
from billing.tests.standin.walk import walk


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The traffic of a walk through everything."""
    _fetch_or_skip()
    folder = tmp_path_factory.mktemp("conformance")
    with running(folder / "standin.sqlite3", record=folder / "exchanges.jsonl") as standin:
        walk(standin)
    return folder / "exchanges.jsonl"


def test_no_exchange_and_no_event_of_the_whole_walk_breaks_the_specification(record: Path) -> None:
    report = check_exchanges(record)
    assert not report.violations, report.text()
    assert report.exchanges >= 120
    assert len(report.event_types) >= 40


def test_the_walk_uses_every_operation_the_stand_in_offers(record: Path) -> None:
    used = check_exchanges(record).operations
    assert len(used) == len(ROUTES)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda line: line["body"].pop("created", None), '"created" is a required property'),
        (lambda line: line["body"].update(amout=100), "'amout' was unexpected"),
        (lambda line: line["body"].update(amount="40"), "is not of type"),
        (lambda line: line["sent"].update(colour="red"), "'colour' was unexpected"),
        (lambda line: line.update(path="/v1/gift_cards"), "no such operation"),
    ],
)
def test_a_damaged_exchange_is_found(record: Path, tmp_path: Path, damage: object, complaint: str) -> None:
    line = next(line for line in _lines(record) if line.get("path") == "/v1/refunds" and line["method"] == "POST")
    damage(line)  # type: ignore[operator]
    assert complaint in _report(line, tmp_path)


def test_a_damaged_event_is_found(record: Path, tmp_path: Path) -> None:
    line = next(line for line in _lines(record) if line["kind"] == "event" and line["body"]["type"] == "invoice.paid")
    line["body"]["type"] = "invoice.paid_in_full"
    line["body"]["data"]["object"]["status"] = "settled"
    report = _report(line, tmp_path)
    assert "no such event type" in report
    assert "status" in report


def _lines(record: Path) -> list[Json]:
    return [json.loads(line) for line in record.read_text().splitlines()]


def _report(line: Json, folder: Path) -> str:
    (folder / "damaged.jsonl").write_text(json.dumps(line) + "\n")
    return check_exchanges(folder / "damaged.jsonl").text()


def _fetch_or_skip() -> None:
    """The specification is fetched once; CI must have it, a developer on a train need not."""
    if available():
        return
    try:
        fetch()
    except RuntimeError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
