"""What programs rely on, word for word."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiToken, User
from billing import ledger, ownership, payments
from billing.models import Payment
from billing.tests.giving import Give
from billing.tests.standin.client import StandIn


@pytest.fixture
def program(user: User) -> Client:
    """Has the account's API token."""
    _, token = ApiToken.objects.create(user=user)
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, path: str, **body: object) -> Any:
    return client.post(path, body, content_type="application/json")


def test_402_is_as_the_contract_says(shop: StandIn, settings: Settings) -> None:
    error = payments.payment_required(simulation="sim_1", user=None)
    payment = Payment.objects.get()
    address = f"{settings.SITE_URL}/pay/{payment.public_id}"
    assert (error.status_code, error.default_code) == (402, "payment_required")
    assert str(error.detail).startswith("One run costs GBP 1.00. Hand `checkout_url` to a person")
    assert "`payment.status_url` with `Authorization: Bearer <payment.claim_secret>`" in error.detail
    assert error.headers == {"Link": f'<{address}>; rel="payment"', "Cache-Control": "no-store"}
    secret = error.extra["payment"].pop("claim_secret")
    assert len(secret) >= 32
    expires_at = error.extra["payment"].pop("expires_at")
    assert expires_at.endswith("Z")
    assert error.extra == {
        "amount": 100,
        "currency": "gbp",
        "checkout_url": payment.checkout_url,
        "simulation": "sim_1",
        "payment": {
            "id": payment.public_id,
            "url": address,
            "status_url": f"{settings.SITE_URL}/api/v1/payments/{payment.public_id}",
        },
        "options": [
            {"product": "single_run", "amount": 100, "runs": 1},
            {"product": "pack_10", "amount": 800, "runs": 10},
            {"product": "pilot_250", "amount": 10000, "runs": 250, "interval": "month"},
        ],
    }


def test_pay_opens_a_payment_without_an_account(shop: StandIn, client: Client) -> None:
    answer = post(client, "/pay", product="single_run")
    payment = Payment.objects.get()
    body = answer.json()
    assert answer.status_code == 201
    assert (body["payment"]["id"], body["checkout_url"]) == (payment.public_id, payment.checkout_url)
    assert (body["amount"], body["currency"]) == (100, "gbp")
    assert answer.headers["Cache-Control"] == "no-store"


def test_pay_without_a_body_means_one_run(shop: StandIn, client: Client) -> None:
    assert client.post("/pay").status_code == 201


def test_pay_sells_single_runs_only(db: None, client: Client) -> None:
    answer = post(client, "/pay", product="pack_10")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "product"


def test_pay_names_a_field_that_it_does_not_know(shop: StandIn, client: Client) -> None:
    """Unseen, this would sell a run that the simulation does not get."""
    answer = post(client, "/pay", simulaton="sim_mine")
    assert answer.status_code == 400
    assert "did you mean 'simulation'?" in answer.json()["errors"][0]["message"]
    assert not Payment.objects.exists()


def test_pay_for_a_simulation_of_somebody_else_is_404(
    shop: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ownership, "_answers", [(lambda request, simulation: simulation == "sim_mine", lambda simulation: True)]
    )
    assert post(client, "/pay", simulation="sim_other").status_code == 404
    assert post(client, "/pay", simulation="sim_mine").status_code == 201
    assert Payment.objects.get().simulation == "sim_mine"


def test_pay_for_a_simulation_that_needs_no_money_is_409(
    shop: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever paid would have bought a run that nothing waits for."""
    monkeypatch.setattr(ownership, "_answers", [(lambda *_: True, lambda simulation: simulation == "sim_kept")])
    answer = post(client, "/pay", simulation="sim_ended")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_pay")
    assert not Payment.objects.exists()


def test_buy_credits_answers_the_checkout_url(shop: StandIn, program: Client, user: User) -> None:
    answer = post(program, "/buy-credits", product="pack_10")
    assert answer.status_code == 201
    assert answer.json()["checkout_url"] == Payment.objects.get(user=user).checkout_url


def test_buy_credits_needs_an_account(db: None, client: Client) -> None:
    answer = post(client, "/buy-credits", product="pack_10")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_buy_credits_tells_programs_the_options(db: None, client: Client) -> None:
    answer = client.get("/buy-credits", headers={"Accept": "application/json"})
    assert [option["product"] for option in answer.json()["options"]] == ["single_run", "pack_10", "pilot_250"]


def test_credits_tell_the_balance_by_lot(program: Client, user: User, give: Give) -> None:
    give(10)
    ledger.hold(reference="sim_1", user=user)
    body = program.get("/api/v1/credits").json()
    assert (body["object"], body["available"], body["held"], body["debt"]) == ("credits", 9, 1, 0)
    (lot,) = body["lots"]
    assert (lot["source"], lot["quantity"], lot["remaining"], lot["held"]) == ("goodwill", 10, 9, 1)


def test_entries_tell_the_ledger_newest_first(program: Client, user: User, give: Give) -> None:
    give(10)
    ledger.hold(reference="sim_1", user=user)
    ledger.capture("sim_1")
    entries = program.get("/api/v1/credits/entries").json()["results"]
    assert [(entry["kind"], entry["delta"]) for entry in entries] == [("capture", 0), ("hold", -1), ("grant", 10)]


def test_cursor_of_nobody_is_named(program: Client) -> None:
    answer = program.get("/api/v1/credits/entries?cursor=none")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


def test_entries_of_others_are_not_shown(program: Client, give: Give) -> None:
    give(10, user=User.objects.create_user("other@example.com"))
    assert program.get("/api/v1/credits/entries").json()["results"] == []


@pytest.mark.parametrize("path", ["/api/v1/credits", "/api/v1/credits/entries"])
def test_credits_need_an_account(db: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 401


def test_opening_payments_is_limited(shop: StandIn, client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": 2}
    assert [client.post("/pay").status_code for _ in range(3)] == [201, 201, 429]


def test_limits_of_the_money_api_announce_themselves(
    shop: StandIn, client: Client, program: Client, settings: Settings
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": 2, "account": 9, "anonymous": 5}
    opened, options, balance = client.post("/pay"), client.get("/buy-credits"), program.get("/api/v1/credits")
    policies = [answer.headers["RateLimit-Policy"] for answer in (opened, options, balance)]
    assert policies == ['"checkout";q=2;w=60', '"anonymous";q=5;w=60', '"account";q=9;w=60']
    assert opened.headers["RateLimit"].startswith('"checkout";r=1;t=')
    assert {answer.headers["Cache-Control"] for answer in (opened, options, balance)} == {"no-store"}
    client.post("/pay")
    refused = client.post("/pay")
    assert refused.status_code == 429
    assert refused.json()["detail"].startswith("More than 2 requests a minute (checkout). Go on in ")
    assert refused.headers["RateLimit"].startswith('"checkout";r=0;t=')
    assert refused.headers["Retry-After"].isdigit()


def test_free_site_answers_that_there_is_nothing_to_pay(db: None, client: Client, settings: Settings) -> None:
    settings.STRIPE_ENABLED = False
    answer = client.post("/pay")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_pay")
