"""Whatever a stranger writes into a model, a name or a log is text on every page: ours, a shared one, the owner's."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from accounts.services import create_token
from simulations.models import FmuHolding, Simulation, Status
from simulations.services import sharing
from simulations.tests import fmus
from simulations.tests.pages.conftest import run, signed_in, upload

SEEDS = ("<img src=x", "</script>{{")
MARKUP = "\"'><img src=x onerror=alert(1)></script>{{ 7 }}"
WRITTEN = (
    'modelName="BouncingBall"',
    'description="A ball falls, bounces with a loss of energy and comes to rest."',
    'author="FMU Gateway"',
    'license="Apache-2.0"',
    'generationTool="FMU Gateway samples"',
    'name="h"',
    'name="e"',
    'unit="m"',
    'name="m"',
)

pytestmark = pytest.mark.usefixtures("free")


def poisoned(description: str) -> str:
    for attribute in WRITTEN:
        assert attribute in description
        name, _, value = attribute.partition("=")
        description = description.replace(f" {attribute}", f" {name}={quoteattr(value[1:-1] + MARKUP)}")
    return description


@pytest.fixture
def model(browser: Client, ball: FmuHolding) -> FmuHolding:
    content = fmus.variant("BouncingBall", description=poisoned)
    return upload(browser, content, name="\"'><img src=x onerror=alert(1)>.fmu")


@pytest.fixture
def runs(browser: Client, model: FmuHolding) -> list[Simulation]:
    """Two that succeeded, and one that failed with words of its own."""
    made = [run(browser, model, stop_time=1) for _ in range(3)]
    for each in made:
        assert each.status == Status.SUCCEEDED, each.error_message
        sharing.share(each)
    said = {"log": MARKUP, "notes": [MARKUP], "error_code": "fmu_error", "error_message": MARKUP}
    Simulation.objects.filter(pk=made[2].pk).update(status=Status.FAILED, result_is_partial=True, **said)
    return made


def pages_of(model: FmuHolding, runs: list[Simulation]) -> Iterator[str]:
    yield from ("/dashboard/", "/dashboard/models/", "/dashboard/simulations/", "/dashboard/tokens/")
    home = f"/dashboard/models/{model.public_id}/"
    yield from (home, f"{home}?search={MARKUP}&causality=parameter", f"{home}run/")
    yield from (f"{home}run/?from={run.public_id}" for run in runs)
    yield from (f"/dashboard/simulations/{run.public_id}/" for run in runs)
    yield from (f"/s/{run.share_key}/" for run in runs)
    yield f"/dashboard/compare/?ids={','.join(run.public_id for run in runs)}"


def owners_pages() -> Iterator[str]:
    yield "/admin/"
    for kind in admin.site._registry:
        options = kind._meta
        address = f"/admin/{options.app_label}/{options.model_name}/"
        yield from (address, f"{address}?q={MARKUP}")
        yield from (f"{address}{thing.pk}/change/" for thing in kind._default_manager.order_by("-pk")[:3])


def test_markup_of_strangers_is_text(browser: Client, user: User, model: FmuHolding, runs: list[Simulation]) -> None:
    create_token(user, name=MARKUP, days=None)
    owner = signed_in(User.objects.create_superuser("owner@example.com", "x"))
    found = [(browser, address) for address in pages_of(model, runs)]
    found += [(owner, address) for address in owners_pages()]
    seen = 0
    for client, address in found:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(address, headers=headers)
            assert answer.status_code == 200, address
            page = answer.content.decode()
            assert not [seed for seed in SEEDS if seed in page], address
            seen += "&lt;img src=x" in page
    assert seen > len(found)


def test_markup_in_a_mistaken_form_is_text(browser: Client, model: FmuHolding) -> None:
    address = f"/dashboard/models/{model.public_id}/run/"
    page = browser.post(address, {"stop_time": MARKUP, "solver": MARKUP, "outputs": MARKUP}).content.decode()
    assert not [seed for seed in SEEDS if seed in page]
