"""Every address of ours, asked by everybody: the matrix holds, and no address and no method is missing in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from accounts.models import ApiToken, User
from billing.models import Payment
from fmugateway.tests.authorization import belongings, people
from fmugateway.tests.authorization.addresses import filled, own_addresses
from fmugateway.tests.authorization.matrix import OTHERS, Row, rows
from fmugateway.tests.authorization.people import Person, outcome
from simulations.models import FmuHolding, Simulation

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FIXED = {"kind": "csv", "slug": "payment-required", "page": "errors", "product": "pack_10"}
# Shared by a secret link; the owner's numbers, for staff.
OPEN_BY_DESIGN = ("s/", "api/v1/metrics")
# What a request says of somebody's things outside its address.
BODIES = {
    ("POST", "simulate"): {"fmu_id": "fmu_id"},
    ("POST", "api/v1/simulations"): {"fmu_id": "fmu_id"},
    ("POST", "pay"): {"simulation": "waiting"},
    ("GET", "dashboard/compare/"): {"ids": "simulation_id"},
    ("POST", "buy-credits"): {"product": "product"},
}


class Asked:
    """One owner with belongings, and a row of the matrix to ask."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.owner = people.owner()
        self.values = FIXED | belongings.of(User.objects.get(email=people.OWNER))
        if row.address.endswith("/pay/"):
            self.values["simulation_id"] = self.values["waiting"]

    def by(self, person: Person, method: str | None = None) -> HttpResponseBase:
        return person.ask(method or self.row.method, self.row.by, self.address, self.body)

    @property
    def address(self) -> str:
        return filled(self.row.address, self.values)

    @property
    def body(self) -> dict[str, str]:
        fields = BODIES.get((self.row.method, self.row.address), {})
        return {name: self.values[key] for name, key in fields.items()}


@pytest.mark.parametrize("row", rows(), ids=str)
def test_everybody_gets_what_the_matrix_says(row: Row) -> None:
    asked = Asked(row)
    before = _belongings()
    answers = {name: asked.by(getattr(people, name)()) for name in OTHERS}
    assert _belongings() == before, "somebody else changed them"
    answers["owner"] = asked.by(asked.owner)
    assert {name: outcome(answer) for name, answer in answers.items()} == row.expected
    if not row.address.startswith(OPEN_BY_DESIGN):
        _assert_tells_nothing(asked, [answers[name] for name in OTHERS])


@pytest.mark.parametrize("address", sorted({(row.by, row.address) for row in rows()}), ids=str)
def test_other_methods_are_refused_even_to_staff(address: tuple[str, str]) -> None:
    listed = {row.method for row in rows() if (row.by, row.address) == address}
    asked = Asked(Row("", *address, expected={}))
    staff = people.staff()
    refused = {method: asked.by(staff, method).status_code for method in METHODS if method not in listed}
    assert set(refused.values()) <= {405}, refused


def test_no_address_is_missing_in_the_matrix() -> None:
    assert {row.address for row in rows()} == own_addresses()


def _assert_tells_nothing(asked: Asked, answers: list[HttpResponseBase]) -> None:
    """Neither the model's name nor an id that was not in the question."""
    question, told = f"{asked.address} {asked.body}", "".join(_text(answer) for answer in answers)
    secrets = {belongings.SECRET, *asked.values.values()} - set(FIXED.values())
    assert {secret for secret in secrets if secret in told and secret not in question} == set()


def _text(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse | StreamingHttpResponse)
    return f"{answer.headers}{answer.getvalue().decode()}"


def _belongings() -> list[dict[str, Any]]:
    """Every field of everything that the owner has; that a payment's link was opened is noted whoever opens it."""
    kinds: list[type[Model]] = [FmuHolding, Simulation, ApiToken, Payment]
    rows = [row for kind in kinds for row in kind._default_manager.filter(user__email=people.OWNER).values()]
    return [{name: value for name, value in row.items() if name != "opened_at"} for row in rows]
