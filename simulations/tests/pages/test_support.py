"""What support does for a customer in the admin, to its end: the run runs, and its owner pays as for any run."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from billing import ledger
from simulations.models import FmuHolding, Simulation, Status
from simulations.services import waiting
from simulations.tests.pages.conftest import CREDITS, run, signed_in

REASON = {"reason": "the worker was lost"}


@pytest.fixture
def support(transactional_db: None) -> Client:
    return signed_in(User.objects.create_user("support@example.com", is_staff=True, is_superuser=True))


def run_again(support: Client, simulation: Simulation) -> tuple[Simulation, str]:
    """The new run, and what the page says."""
    address = f"/admin/simulations/simulation/{simulation.pk}/run_again/"
    assert "who pays for it if it succeeds" in support.get(address).content.decode()
    page = support.post(address, REASON, follow=True).content.decode()
    return Simulation.objects.exclude(pk=simulation.pk).get(), page


def test_run_again_runs_the_same_request_for_the_same_owner(
    browser: Client, support: Client, user: User, model: FmuHolding, two_credits: None
) -> None:
    first = run(browser, model, **{"start.e": "0.55", "stop_time": "1.5", "outputs": ["", "v"]})
    again, page = run_again(support, first)
    assert f"{again.public_id} is on its way." in page
    assert waiting.until_finished(again, seconds=30)
    assert (again.status, again.user, again.request) == (Status.SUCCEEDED, user, first.request)
    assert (again.rows, ledger.available(user)) == (first.rows, CREDITS - 2)
    assert browser.get(f"/dashboard/simulations/{again.public_id}/").status_code == 200
    note = LogEntry.objects.get()
    assert (note.object_id, REASON["reason"] in note.change_message) == (str(first.pk), True)


def test_run_again_waits_for_a_credit_and_starts_by_itself_with_goodwill(
    browser: Client, support: Client, user: User, model: FmuHolding, two_credits: None
) -> None:
    first = run(browser, model)
    ledger.hold(reference="sim_other", user=user)
    again, page = run_again(support, first)
    assert (again.status, "waits for a credit" in page) == (Status.AWAITING_PAYMENT, True)
    support.post(f"/admin/accounts/user/{user.pk}/grant_goodwill/", REASON | {"runs": 1})
    assert waiting.until_finished(again, seconds=30)
    assert (again.status, ledger.available(user)) == (Status.SUCCEEDED, 0)
