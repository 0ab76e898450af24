"""Counts of what happens on the site: kept by the day, never in the way."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from billing.tests.standin.client import StandIn
from fmugateway import analytics
from fmugateway.models import EventDay


@pytest.fixture(autouse=True)
def _nothing_counted_yet(db: None) -> None:
    analytics.counts.take(at_once=True)


def counted() -> dict[str, int]:
    analytics.write(at_once=True)
    return dict(EventDay.objects.filter(day=timezone.localdate()).values_list("name", "count"))


def test_visits_of_the_landing_page_add_up(client: Client) -> None:
    for _ in range(3):
        client.get("/")
    assert counted() == {"landing": 3}
    client.get("/")
    assert counted() == {"landing": 4}


def test_robots_are_not_counted(client: Client) -> None:
    client.get("/", headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert counted() == {}


def test_checkout_that_was_opened_is_counted_and_noted(client: Client, shop: StandIn) -> None:
    payment = client.post("/pay", {"product": "single_run"}, content_type="application/json").json()
    client.get(payment["payment"]["url"].partition("8000")[2])
    assert counted() == {"checkout_opened": 1}


def test_counting_sets_no_cookie_and_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/terms")
    with django_assert_num_queries(0):
        answer = client.get("/terms")
    assert not answer.cookies


def test_a_database_that_is_away_fails_no_request(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(analytics, "_add", away)
    monkeypatch.setattr(analytics, "WRITE_EVERY_SECONDS", 0.0)
    assert client.get("/").status_code == 200
