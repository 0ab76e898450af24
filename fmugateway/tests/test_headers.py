"""Who may reach what: every address of the API with an object in it, asked by everybody else than its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from billing import run_tokens
from billing.grants import grant
from billing.models import LotSource, Payment, PaymentStatus
from fmugateway.openapi import document
from simulations.models import Fmu, FmuHolding, Simulation, Status

pytestmark = pytest.mark.django_db

OTHERS = ("anonymous", "other", "stranger_with_a_run_token", "staff")
# (method, path, what its owner gets). A deleted or refused thing differs from one that is not there.
WITH_OBJECT = [
    ("get", "/api/v1/fmus/{fmu}", 200),
    ("get", "/api/v1/fmus/{fmu}/download", 200),
    ("delete", "/api/v1/fmus/{fmu}", 204),
    ("get", "/api/v1/simulations/{simulation}", 200),
    ("post", "/api/v1/simulations/{simulation}/cancel", 409),
    ("get", "/api/v1/simulations/{simulation}/result.csv", 409),
    ("get", "/api/v1/simulations/{simulation}/result.json", 409),
    ("get", "/api/v1/simulations/{simulation}/result.npz", 409),
    ("delete", "/api/v1/simulations/{simulation}", 204),
]
# Checked elsewhere: /variables reads the same object as /fmus/{fmu}; a payment opens to its claim secret alone.
ELSEWHERE = {"/api/v1/fmus/{fmu_id}/variables", "/api/v1/payments/{payment_id}"}
LISTS = ("/api/v1/fmus", "/api/v1/simulations", "/api/v1/credits", "/api/v1/credits/entries")


@dataclass(frozen=True)
class Things:
    """What belongs to the owner."""

    fmu: str
    simulation: str

    def path(self, template: str) -> str:
        return template.format(fmu=self.fmu, simulation=self.simulation)


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner@example.com")


@pytest.fixture
def things(owner: User) -> Things:
    archive = default_storage.save("fmus/authorization.fmu", ContentFile(b"PK"))
    fmu = Fmu.objects.create(sha256="a" * 64, size=2, archive=archive)
    holding = FmuHolding.objects.create(fmu=fmu, user=owner)
    simulation = Simulation.objects.create(
        user=owner,
        fmu_public_id=holding.public_id,
        sha256=fmu.sha256,
        model_name="Secret",
        fmi_version="2.0",
        request={},
        limits={},
        status=Status.FAILED,
        error_code="timeout",
        finished_at=timezone.now(),
    )
    return Things(holding.public_id, simulation.public_id)


@pytest.fixture
def ask(owner: User) -> Callable[[str], APIClient]:
    """ask("other") is a client of that person."""
    credentials: dict[str, Callable[[], str]] = {
        "anonymous": str,
        "owner": lambda: _token(owner),
        "other": lambda: _token(User.objects.create_user("other@example.com")),
        "staff": lambda: _token(User.objects.create_superuser("staff@example.com", "a-long-password")),
        "stranger_with_a_run_token": _run_token,
    }

    def client(who: str) -> APIClient:
        credential, api = credentials[who](), APIClient(raise_request_exception=False)
        if credential:
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {credential}")
        return api

    return client


def _token(user: User) -> str:
    return str(ApiToken.objects.create(user=user)[1])


def _run_token() -> str:
    """Of a paid run that has nothing to do with the owner."""
    facts = {"product": "single_run", "runs": 1, "amount": 100, "currency": "gbp", "livemode": False}
    payment = Payment.objects.create(status=PaymentStatus.PAID, paid_at=timezone.now(), **facts)
    lot = grant(source=LotSource.SINGLE_RUN, quantity=1, reference=payment.public_id, payment=payment, unit_value=100)
    return run_tokens.mint(run_tokens.Claims(payment=payment.public_id, entitlement=lot.public_id)).token


@pytest.mark.parametrize(("method", "template", "status"), WITH_OBJECT)
def test_the_owner_reaches_it(
    method: str, template: str, status: int, things: Things, ask: Callable[[str], APIClient]
) -> None:
    assert getattr(ask("owner"), method)(things.path(template)).status_code == status


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize(("method", "template", "status"), WITH_OBJECT)
def test_for_everybody_else_it_is_not_there(
    who: str, method: str, template: str, status: int, things: Things, ask: Callable[[str], APIClient]
) -> None:
    answer = getattr(ask(who), method)(things.path(template))
    assert (answer.status_code, answer.json()["code"]) in {(404, "not_found"), (404, "unknown_fmu")}
    assert "Secret" not in answer.content.decode()
    assert Simulation.objects.filter(public_id=things.simulation).exists()
    assert FmuHolding.objects.filter(public_id=things.fmu).exists()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_runs_somebody_elses_fmu(who: str, things: Things, ask: Callable[[str], APIClient]) -> None:
    answer = ask(who).post("/simulate", {"fmu_id": things.fmu})
    assert answer.status_code == 404
    assert Simulation.objects.count() == 1


@pytest.mark.parametrize("who", ["other", "staff"])
@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_only_ones_own(who: str, path: str, things: Things, ask: Callable[[str], APIClient]) -> None:
    answer = ask(who).get(path)
    assert answer.status_code == 200
    assert things.fmu not in answer.content.decode()
    assert things.simulation not in answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_belongs_to_somebody(path: str, things: Things, ask: Callable[[str], APIClient]) -> None:
    answer = ask("anonymous").get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_every_address_with_an_object_is_in_the_matrix() -> None:
    asked = {(method, path.split("{")[0]) for method, path, _ in WITH_OBJECT}
    documented = {
        (method, path.split("{")[0])
        for path, operations in document()["paths"].items()
        if "{" in path and path not in ELSEWHERE
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert documented <= asked


def test_a_payment_opens_to_its_claim_secret_alone(things: Things, ask: Callable[[str], APIClient]) -> None:
    ask("stranger_with_a_run_token")
    payment = Payment.objects.get()
    for who in ("anonymous", "other", "staff"):
        assert ask(who).get(f"/api/v1/payments/{payment.public_id}").status_code in {401, 404}


@pytest.mark.parametrize("path", ["/", "/docs/", "/api/v1/simulations", "/simulate", "/nothing-here"])
def test_every_answer_carries_the_headers_that_browsers_heed(path: str, settings: Settings) -> None:
    headers = APIClient(raise_request_exception=False).get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Request-Id"].startswith("req_")
