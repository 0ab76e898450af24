"""The form made from the model description: what it sends, and what it says when something does not fit."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from simulations.models import FmuHolding, Simulation
from simulations.tests import fmus
from simulations.tests.pages.conftest import run
from simulations.views.form import signals

pytestmark = pytest.mark.usefixtures("free")

BALL = "/dashboard/models/sample:BouncingBall/run/"


def test_the_untouched_form_runs_the_model_as_exported(guest: Client, ball: FmuHolding) -> None:
    fields = {"start.h": "1", "start.e": "0.7", "stop_time": "4", "output_interval": "0.01", "record_events": "true"}
    simulation = run(guest, ball, **fields)
    assert simulation.request["start_values"] == {}
    assert {"stop_time", "output_interval", "interface_type", "outputs"} <= {*simulation.left_open, "outputs"}


def test_only_what_was_changed_is_sent(guest: Client, ball: FmuHolding) -> None:
    simulation = run(guest, ball, **{"start.h": "1", "start.e": "0.5", "stop_time": "2"})
    assert simulation.request["start_values"] == {"e": 0.5}
    assert simulation.request["stop_time"] == 2
    assert "stop_time" not in simulation.left_open


def test_a_time_that_was_shown_is_kept_when_another_changes(guest: Client, ball: FmuHolding) -> None:
    simulation = run(guest, ball, stop_time="40", output_interval="0.01")
    assert simulation.request["output_interval"] == 0.01


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start.e": "bouncy"}, "&#x27;e&#x27; is a number; &#x27;bouncy&#x27; is not."),
        ({"stop_time": "-1"}, "Stop time -1 must lie after start time 0."),
        ({"stop_time": "soon"}, "Stop time needs a finite number."),
        ({"stop_time": "0,5"}, "Stop time needs a finite number. Write 0.5, with a point."),
        ({"start.e": "0,5"}, "&#x27;0,5&#x27; is not. Write 0.5, with a point."),
        ({"outputs": [""]}, "Name at least one output"),
        ({"outputs": ["", "nothing"]}, "is not a variable of BouncingBall"),
        ({"solver": "Euler", "interface_type": "CoSimulation"}, "Euler does not apply"),
        ({"step_size": "0"}, "Step size is 0; it must be greater than 0."),
    ],
)
def test_a_mistake_is_named_at_its_field_in_the_words_of_the_page(
    guest: Client, ball: FmuHolding, fields: dict[str, object], words: str
) -> None:
    answer = guest.post(BALL, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("start_time", "soon"),
        ("step_size", "0"),
        ("step_size", "abc"),
        ("relative_tolerance", "7"),
        ("solver", "Simpson"),
        ("interface_type", "zz"),
    ],
)
def test_a_mistaken_solver_option_is_marked(guest: Client, ball: FmuHolding, field: str, wrong: str) -> None:
    page = guest.post(BALL, {field: wrong}).content.decode()
    assert page.count(f'aria-invalid="true" aria-describedby="{field}-error"') == 1
    assert page.count('aria-invalid="true"') == 1
    assert f'<p class="error" id="{field}-error">' in page


@pytest.mark.parametrize("query", ["interface_type=zz", "solver=zz", "step_size=abc", "relative_tolerance=abc"])
def test_an_address_with_nonsense_shows_what_holds_without_it(guest: Client, ball: FmuHolding, query: str) -> None:
    page = guest.get(f"{BALL}?{query}").content.decode()
    shown = re.search(r'Solver options <span class="quiet">(.*?)</span>', page)
    assert shown is not None
    assert shown[1] in ("Co-Simulation", "Model Exchange, CVode")


def test_a_mistake_keeps_everything_else_that_was_filled_in(guest: Client, ball: FmuHolding) -> None:
    page = guest.post(BALL, {"start.h": "3.25", "stop_time": "-1", "outputs": ["", "v"]}).content.decode()
    assert 'value="3.25"' in page
    assert 'value="v" checked' in page
    assert 'value="h" checked' not in page


def test_inputs_come_as_text_or_as_a_file(guest: Client, ball: FmuHolding) -> None:
    battery = fmus.load_sample("BatteryCell")
    table = "time,current\n0,1.5\n10,1.5\n"
    for inputs in (table, fmus.upload(table.encode(), "load.csv")):
        simulation = run(guest, battery, inputs=inputs, stop_time="10")
        assert simulation.inputs == {"time": [0.0, 10.0], "current": [1.5, 1.5]}


def test_inputs_too_long_for_a_page_are_asked_for_again(
    guest: Client, ball: FmuHolding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word the next run would have no inputs, and cost as much."""
    monkeypatch.setattr(signals, "SHOWN_CHARACTERS", 10)
    battery = fmus.load_sample("BatteryCell")
    table = fmus.upload(b"time,current\n0,1.5\n10,1.5\n", "load.csv")
    mistaken = guest.post("/dashboard/models/sample:BatteryCell/run/", {"inputs": table, "stop_time": "x"})
    assert "load.csv is too long for this page to keep." in mistaken.content.decode()
    simulation = run(guest, battery, inputs="time,current\n0,1.5\n10,1.5\n", stop_time="10")
    again = guest.get(f"/dashboard/models/sample:BatteryCell/run/?from={simulation.public_id}")
    assert "The table of this run is too long for this page to keep." in again.content.decode()


def test_inputs_that_do_not_fit_are_shown_before_the_run(guest: Client, ball: FmuHolding) -> None:
    fmus.load_sample("BatteryCell")
    address = "/dashboard/models/sample:BatteryCell/run/?part=inputs"
    answer = guest.post(address, {"inputs": "time,curent\n0,1\n4000,2\n"}, headers={"HX-Request": "true"})
    assert "did you mean &#x27;current&#x27;?" in answer.content.decode()
    short = {"inputs": "time,current\n0,1\n4,2\n", "stop_time": "10"}
    answer = guest.post(address, short, headers={"HX-Request": "true"})
    assert "they fit the model. The inputs end at 4, the run at 10" in answer.content.decode()
    assert not Simulation.objects.exists()


def test_enumerations_are_choices_and_booleans_switches(guest: Client, ball: FmuHolding) -> None:
    motor = fmus.load_sample("DCMotor")
    page = guest.get("/dashboard/models/sample:DCMotor/run/").content.decode()
    assert "<option selected>PI</option>" in page
    assert 'role="switch"' in page
    simulation = run(guest, motor, **{"start.controller": "P", "start.anti_windup": "false"})
    assert simulation.status == "succeeded", simulation.error_message
    assert simulation.request["start_values"] == {"controller": "P", "anti_windup": "false"}


def test_the_search_brings_more_outputs_and_keeps_the_chosen(guest: Client, ball: FmuHolding) -> None:
    answer = guest.post(
        f"{BALL}?part=outputs", {"outputs": ["", "v"], "output_search": "energy"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert 'value="v" checked' in page
    assert 'value="energy">' in page


def test_running_again_fills_in_what_the_run_had(guest: Client, ball: FmuHolding) -> None:
    simulation = run(guest, ball, **{"start.e": "0.55", "stop_time": "3", "outputs": ["", "v"]})
    page = guest.get(f"{BALL}?from={simulation.public_id}").content.decode()
    assert 'value="0.55"' in page
    assert 'name="stop_time" value="3"' in page
    assert 'value="v" checked' in page
    again = run(guest, ball, **{"start.e": "0.6", "stop_time": "3", "outputs": ["", "v"]})
    assert again.request["start_values"] == {"e": 0.6}


def test_running_again_rounds_no_value(guest: Client, ball: FmuHolding) -> None:
    first = run(guest, ball, **{"start.e": "0.1234567890123456", "stop_time": "2.718281828459045"})
    page = guest.get(f"{BALL}?from={first.public_id}").content.decode()
    assert 'name="start.e" value="0.1234567890123456"' in page
    assert 'name="stop_time" value="2.718281828459045"' in page


def test_a_form_that_is_too_large_is_refused_by_its_header(guest: Client, ball: FmuHolding) -> None:
    answer = guest.generic("POST", BALL, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(1 << 40))
    assert answer.status_code == 413
    assert "may be at most" in answer.content.decode()


def test_a_form_of_another_site_is_refused(ball: FmuHolding) -> None:
    assert Client(enforce_csrf_checks=True).post(BALL, {}).status_code == 403
    assert not Simulation.objects.exists()
