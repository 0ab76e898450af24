"""Pages belong to their owner: for everybody else they are not there."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from simulations.models import FmuHolding, Simulation
from simulations.tests.pages.conftest import run, upload

pytestmark = pytest.mark.usefixtures("free")


@pytest.mark.parametrize("path", ["", "models/", "simulations/"])
def test_the_dashboard_needs_an_account(guest: Client, path: str) -> None:
    assert guest.get(f"/dashboard/{path}")["Location"].startswith("/accounts/login/")


def test_somebody_elses_run_is_not_there(browser: Client, other: Client, guest: Client, model: FmuHolding) -> None:
    address = f"/dashboard/simulations/{run(browser, model).public_id}/"
    assert browser.get(address).status_code == 200
    for stranger in (other, guest):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{address}plot.json").status_code == 404
        for action in ("cancel", "share", "delete", "pay"):
            assert stranger.post(f"{address}{action}/").status_code == 404


def test_somebody_elses_model_is_not_there(other: Client, model: FmuHolding) -> None:
    address = f"/dashboard/models/{model.public_id}/"
    assert other.get(address).status_code == 404
    assert other.get(f"{address}run/").status_code == 404
    assert other.post(f"{address}delete/").status_code == 404


def test_a_run_of_somebody_else_does_not_fill_in_the_form(browser: Client, other: Client, model: FmuHolding) -> None:
    simulation = run(browser, model)
    assert other.get(f"/dashboard/models/sample:BouncingBall/run/?from={simulation.public_id}").status_code == 404


def test_samples_run_for_anybody(guest: Client, ball: FmuHolding) -> None:
    assert run(guest, ball).status == "succeeded"


def test_a_guest_finds_uploads_and_runs_again_in_the_same_browser_only(guest: Client, ball: FmuHolding) -> None:
    model = upload(guest)
    simulation = run(guest, model)
    assert model.public_id in guest.get("/run/").content.decode()
    assert guest.get(f"/dashboard/simulations/{simulation.public_id}/").status_code == 200
    assert Client().get(f"/dashboard/simulations/{simulation.public_id}/").status_code == 404


def test_a_guest_who_comes_back_is_led_to_the_runs_of_this_browser(guest: Client, ball: FmuHolding) -> None:
    simulation = run(guest, upload(guest))
    address = f'href="/dashboard/simulations/{simulation.public_id}/"'
    assert address in guest.get("/run/").content.decode()
    assert address not in Client().get("/run/").content.decode()


def test_signing_in_keeps_what_the_guest_made(guest: Client, ball: FmuHolding, user: User) -> None:
    model = upload(guest)
    simulation = run(guest, model)
    guest.force_login(user)
    assert Simulation.objects.get(pk=simulation.pk).user == user
    assert FmuHolding.objects.get(pk=model.pk).user == user
    assert simulation.public_id in guest.get("/dashboard/simulations/").content.decode()


def test_the_secret_link_opens_a_run_until_it_is_switched_off(
    browser: Client, other: Client, guest: Client, model: FmuHolding
) -> None:
    simulation = run(browser, model)
    link = f"/s/{simulation.share_key}/"
    assert other.get(link).status_code == 404, "off at first"
    browser.post(f"/dashboard/simulations/{simulation.public_id}/share/", {"shared": "on"})
    page = guest.get(link)
    assert page.status_code == 200
    assert "Delete" not in page.content.decode()
    assert guest.get(f"{link}plot.json").json()["columns"][1]["name"] == "h"
    assert b"time,h" in b"".join(guest.get(f"{link}result.csv"))
    browser.post(f"/dashboard/simulations/{simulation.public_id}/share/")
    assert other.get(link).status_code == 404
    simulation.refresh_from_db()
    assert simulation.share_key not in link, "the old link stays dead when a new one is made"


def test_a_guests_run_comes_with_its_link(guest: Client, ball: FmuHolding) -> None:
    simulation = run(guest, ball)
    assert simulation.is_shared
    assert (
        f"/s/{simulation.share_key}/" in guest.get(f"/dashboard/simulations/{simulation.public_id}/").content.decode()
    )
