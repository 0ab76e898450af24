"""Uploading and looking inside, as a person does it."""

from __future__ import annotations

import pytest
from django.test import Client

from simulations.fmi.inspection import Inspection
from simulations.models import Fmu, FmuHolding
from simulations.tests import fmus
from simulations.tests.pages.conftest import run, upload

pytestmark = pytest.mark.usefixtures("free")


def test_an_upload_lands_on_what_is_inside(browser: Client, model: FmuHolding) -> None:
    page = browser.get(f"/dashboard/models/{model.public_id}/").content.decode()
    assert "Runs here: yes" in page
    assert "Coefficient of restitution" in page
    assert model.public_id in browser.get("/dashboard/models/").content.decode()


def test_a_script_is_led_on_by_a_header(browser: Client, ball: FmuHolding) -> None:
    file = fmus.upload(fmus.variant("BouncingBall"))
    answer = browser.post("/dashboard/models/", {"fmu": file}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/dashboard/models/fmu_")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"just a text", "an FMU is a zip archive, and this is none"),
        (b"", "Choose a file first"),
    ],
)
def test_a_file_that_is_no_fmu_is_refused_with_the_reason(guest: Client, content: bytes, words: str) -> None:
    form = {"fmu": fmus.upload(content)} if content else {}
    answer = guest.post("/run/", form)
    assert answer.status_code in (400, 422)
    assert words in answer.content.decode()
    assert not Fmu.objects.exists()


def test_a_broken_description_is_refused_with_the_place(browser: Client, ball: FmuHolding) -> None:
    broken = fmus.variant("BouncingBall", description=lambda xml: xml.replace("</ModelVariables>", ""))
    answer = browser.post("/dashboard/models/", {"fmu": fmus.upload(broken)}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not FmuHolding.objects.filter(is_sample=False).exists()


def test_many_findings_are_folded_after_three(browser: Client, ball: FmuHolding) -> None:
    """An attribute that FMI does not know, at each variable: what else is on the page stays in sight."""
    odd = fmus.variant(
        "BouncingBall", description=lambda xml: xml.replace("<ScalarVariable ", '<ScalarVariable odd="1" ')
    )
    browser.post("/dashboard/models/", {"fmu": fmus.upload(odd)})
    holding = FmuHolding.objects.get(is_sample=False)
    page = browser.get(f"/dashboard/models/{holding.public_id}/").content.decode()
    findings = len(Inspection.from_json(holding.fmu.inspection or {}).findings)
    assert findings > 4
    shown, folded = page.split('<details class="fold more">')
    assert (shown.count("<li data-state="), folded.count("<li data-state=")) == (3, findings - 3)
    assert f"{findings - 3} more" in folded


def test_variables_are_searched_in_name_unit_and_description(guest: Client, ball: FmuHolding) -> None:
    address = "/dashboard/models/sample:BouncingBall/"
    part = {"HX-Request": "true", "HX-Target": "variables"}
    for search, found in {"restitution": "e", "J/kg": "energy", "DER(H)": "der(h)"}.items():
        page = guest.get(address, {"search": search}, headers=part).content.decode()
        assert f'<th scope="row" class="mono">{found}' in page
        assert "<html" not in page
    assert "No variable matches" in guest.get(address, {"search": "nothing at all"}).content.decode()


def test_the_tabs_filter_by_causality(guest: Client, ball: FmuHolding) -> None:
    page = guest.get("/dashboard/models/sample:BouncingBall/?causality=parameter").content.decode()
    assert '<span class="kind" data-kind="parameter">' in page
    assert '<span class="kind" data-kind="output">' not in page


def test_a_model_is_deleted_and_its_runs_stay(browser: Client, model: FmuHolding) -> None:
    simulation = run(browser, model)
    browser.post(f"/dashboard/models/{model.public_id}/delete/")
    assert not FmuHolding.objects.filter(pk=model.pk).exists()
    page = browser.get(f"/dashboard/simulations/{simulation.public_id}/").content.decode()
    assert "BouncingBall" in page
    assert "Run again" not in page
    assert "The model of this run is deleted." in page
    assert "The same run as a request" not in page
    assert 'href="#share"' in page


def test_a_second_upload_of_the_same_bytes_is_the_same_model(browser: Client, model: FmuHolding) -> None:
    assert upload(browser).pk == model.pk


def test_lists_ask_the_database_as_often_for_ten_models_as_for_one(
    browser: Client, model: FmuHolding, nothing_counted: None, django_assert_max_num_queries: object
) -> None:
    for number in range(3):
        upload(browser, fmus.variant("BouncingBall", extra={f"resources/{number}.txt": b"x"}))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert browser.get("/dashboard/models/").status_code == 200
