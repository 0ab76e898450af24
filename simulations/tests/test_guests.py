"""Guests in a browser: what they brought and ran without an account is theirs by the session."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from accounts.models import User
from simulations.models import FmuHolding, Simulation
from simulations.services.visitors import adopt
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")


@pytest.fixture
def browser(worker: WorkerProcess) -> APIClient:
    """A browser that has been on the site: it has a cookie."""
    client = APIClient(enforce_csrf_checks=True)
    client.cookies[django_settings.CSRF_COOKIE_NAME] = "0" * 32
    return client


def upload(client: APIClient) -> dict[str, Any]:
    form = {"fmu": fmus.upload(fmus.variant("BouncingBall"))}
    body: dict[str, Any] = client.post("/api/v1/fmus", form, format="multipart").json()
    return body


def test_a_browser_owns_what_it_uploaded(browser: APIClient) -> None:
    fmu = upload(browser)
    assert [listed["id"] for listed in browser.get("/api/v1/fmus").json()["results"]] == [fmu["id"]]
    assert browser.get(f"{fmu['url']}/download").status_code == 200
    assert browser.delete(fmu["url"]).status_code == 204


def test_a_browser_owns_what_it_ran(browser: APIClient, anonymous: APIClient) -> None:
    run = browser.post("/simulate", {"fmu_id": upload(browser)["id"]}).json()
    assert browser.get(run["url"]).json()["status"] == "succeeded"
    assert anonymous.get(run["url"]).status_code == 404


def test_a_program_without_cookies_gets_none(anonymous: APIClient, worker: WorkerProcess) -> None:
    upload(anonymous)
    assert not anonymous.cookies


def test_signing_in_takes_everything_along(browser: APIClient, user: User) -> None:
    run = browser.post("/simulate", {"fmu_id": upload(browser)["id"]}).json()
    request = browser.get("/api/v1/fmus").wsgi_request
    adopt(request, user)
    assert Simulation.objects.get(public_id=run["id"]).user == user
    assert FmuHolding.objects.get().user == user


def test_a_signed_in_browser_needs_its_csrf_token(browser: APIClient, user: User, ball: FmuHolding) -> None:
    browser.force_login(user)
    body = {"fmu_id": "sample:BouncingBall"}
    assert browser.post("/simulate", body).status_code == 403
    response = browser.post("/simulate", body, headers={"x-csrftoken": "0" * 32})
    assert response.status_code == 200, response.content
