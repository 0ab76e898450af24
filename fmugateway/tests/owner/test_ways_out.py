"""The same numbers as JSON, as CSV, on a terminal and on the dashboard."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import create_token
from fmugateway.tests.owner.conftest import text_of
from fmugateway.tests.owner.history import at, run, sale

OCTOBER = "2026-10-01..2026-11-01"


@pytest.fixture(autouse=True)
def _history(user: User) -> None:
    sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=user)
    run(at("2026-10-02 11:00"), user=user)
    run(at("2026-10-02 12:00"), user=user, status="failed", code="timeout")


def bearer(person: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_token(person, name='numbers', days=None)[1]}"}


def test_staff_token_reads_the_numbers(client: Client, owner: User) -> None:
    body = client.get(f"/api/v1/metrics?period={OCTOBER}", headers=bearer(owner)).json()
    assert body["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert body["usage"]["runs"]["by_status"] == {"succeeded": 1, "failed": 1}
    assert body["usage"]["quality"]["failure_rate"] == {"part": 1, "whole": 2, "value": 0.5}
    assert (body["business"]["cash"]["revenue"], body["business"]["cash"]["net"]) == (800, 768)


def test_token_without_the_right_to_money_gets_none(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    body = client.get(f"/api/v1/metrics?period={OCTOBER}", headers=bearer(user)).json()
    assert (body["usage"]["runs"]["total"], body["business"]) == (2, None)


def test_nobody_else_reads_them(client: Client, user: User) -> None:
    assert client.get("/api/v1/metrics").status_code == 401
    assert client.get("/api/v1/metrics", headers=bearer(user)).status_code == 403


def test_bad_period_is_named(client: Client, owner: User) -> None:
    answer = client.get("/api/v1/metrics?period=soon", headers=bearer(owner))
    assert (answer.status_code, "say 30d" in text_of(answer)) == (400, True)


def test_csv_has_a_row_a_number(owner_client: Client) -> None:
    rows = dict(csv.reader(io.StringIO(text_of(owner_client.get(f"/admin/metrics.csv?period={OCTOBER}")))))
    assert (rows["usage.runs.by_status.succeeded"], rows["business.cash.net"]) == ("1", "768")


def test_csv_without_the_right_to_money_has_none(staff: Callable[..., Client]) -> None:
    text = text_of(staff().get(f"/admin/metrics.csv?period={OCTOBER}"))
    assert "usage.runs.total,2" in text
    assert "cash" not in text


def test_csv_is_for_staff(client: Client) -> None:
    assert client.get("/admin/metrics.csv").status_code == 302


def test_report_on_a_terminal() -> None:
    out = io.StringIO()
    call_command("report", period=OCTOBER, stdout=out)
    lines = {line[:22].strip(): line[22:].split() for line in out.getvalue().splitlines()}
    assert lines["Simulations run"][:3] == ["2", "1", "succeeded,"]
    assert lines["Cash revenue"][0] == "£8.00"
    assert lines["Failure rate"][-2:] == ["timeout", "1"]


def test_report_for_programs_is_json() -> None:
    out = io.StringIO()
    call_command("report", period=OCTOBER, format="json", stdout=out)
    assert json.loads(out.getvalue())["business"]["cash"]["fees"] == 32


def test_report_of_no_period_says_what_one_is() -> None:
    with pytest.raises(CommandError, match="30d"):
        call_command("report", period="soon")


def test_dashboard_shows_the_four_numbers_and_celebrates(owner_client: Client) -> None:
    page = text_of(owner_client.get("/admin/?from=2026-10-01&to=2026-11-01"))
    for word in ("Simulations run", "Paid users", "Free to paid", "revenue a run", "Your first payment", "£8.00"):
        assert word in page
    assert "2026-10-01 to 2026-10-31" in page


def test_dashboard_of_an_empty_site_opens(owner_client: Client, db: None) -> None:
    assert owner_client.get("/admin/?period=365d").status_code == 200


def test_dashboard_says_when_a_period_is_none(owner_client: Client) -> None:
    assert "is not a period" in text_of(owner_client.get("/admin/?period=soon"))


def test_those_who_came_back_have_a_mail_link(owner_client: Client, user: User) -> None:
    for days in (1, 2):
        run(timezone.now() - timedelta(days=days), user=user)
    assert f'href="mailto:{user.email}' in text_of(owner_client.get("/admin/"))
