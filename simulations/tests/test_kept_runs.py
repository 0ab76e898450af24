"""Simulations that wait for money, while everything else happens to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from billing import ledger, payments
from billing.errors import StripeUnavailable
from billing.models import CreditLot, Frozen, Payment
from billing.reconcile import reconcile_session
from billing.takebacks import freeze
from billing.tests.sessions import session_of
from billing.tests.shops import open_shop
from billing.tests.standin.client import ControlRefused, StandIn
from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process
from simulations.fmi.errors import RunCanceled, SandboxError
from simulations.fmi.experiment import Outcome, RunMetrics
from simulations.models import Simulation, Status
from simulations.services import asking, charging, deletion, execution, finish, leases, recovery, start
from simulations.services import cancel as canceling
from simulations.services.cancel import cancel
from simulations.services.transition import transition
from simulations.services.watch import Watch
from simulations.tests.test_paid_runs import give, pay, send
from simulations.tests.worker import WorkerProcess
from simulations.visitor import Visitor

__all__ = ["stripe_standin", "stripe_standin_process"]

KNOWN: dict[str, Any] = {"sha256": "0" * 64, "model_name": "X", "fmi_version": "2.0", "request": {}, "limits": {}}
NOTHING: dict[str, Any] = {"result": None, "metrics": RunMetrics()}


@pytest.fixture
def shop(stripe_standin: StandIn, settings: Settings, transactional_db: None) -> Iterator[StandIn]:
    """The stand-in with our catalogue. No webhook arrives."""
    with open_shop(stripe_standin, settings) as shop:
        yield shop


@pytest.fixture
def nothing_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    """These rows have no model that could run."""
    for module in (start, finish):
        monkeypatch.setattr(module, "enqueue_run", lambda simulation: None)


@pytest.fixture
def waiting_run(user: User) -> Simulation:
    return made(user)


def made(user: User, status: Status = Status.AWAITING_PAYMENT) -> Simulation:
    queued_at = timezone.now() if status == Status.QUEUED else None
    return Simulation.objects.create(user=user, fmu_public_id="fmu_x", status=status, queued_at=queued_at, **KNOWN)


def asked_to_pay(simulation: Simulation) -> Payment:
    opened = payments.open_payment(product="single_run", user=simulation.user, simulation=simulation.public_id)
    return opened.payment


def status_of(simulation: Simulation) -> str:
    return Simulation.objects.get(pk=simulation.pk).status


def test_a_kept_run_outlives_an_outage_of_stripe(api: APIClient, worker: WorkerProcess, shop: StandIn) -> None:
    """The same request again while Stripe is away; then somebody pays by the link of the first 402."""
    first = send(api, key="k", stop_time=1).json()
    shop.down(seconds=30)
    assert send(api, key="k", stop_time=1).status_code == 503
    shop.up()
    payment = Payment.objects.get(public_id=first["payment"]["id"])
    assert shop.pay(session_of(payment)) is None
    reconcile_session(session_of(payment))
    assert Simulation.objects.get(public_id=first["simulation"]).status != Status.AWAITING_PAYMENT


def test_a_run_that_got_its_credit_meanwhile_outlives_an_outage(
    shop: StandIn, user: User, waiting_run: Simulation, nothing_queued: None
) -> None:
    give(user, 1)
    assert status_of(waiting_run) == Status.QUEUED
    shop.down(seconds=30)
    assert asking.payment_required(waiting_run, Visitor(user=user)) is None
    shop.up()
    assert waiting_run.status == Status.QUEUED


def test_an_outage_forgets_no_run_that_somebody_was_asked_to_pay_for(
    shop: StandIn, user: User, waiting_run: Simulation
) -> None:
    asked_to_pay(waiting_run)
    unasked = made(user)
    shop.down(seconds=30)
    for run in (waiting_run, unasked):
        with pytest.raises(StripeUnavailable):
            asking.payment_required(run, Visitor(user=user))
    shop.up()
    assert list(Simulation.objects.all()) == [waiting_run]


def test_a_run_that_was_just_paid_is_not_asked_to_be_paid_again(
    shop: StandIn, user: User, waiting_run: Simulation, nothing_queued: None
) -> None:
    """The webhook is late: asking again closes the older payment and finds it paid."""
    shop.pay(session_of(asked_to_pay(waiting_run)))
    assert asking.payment_required(waiting_run, Visitor(user=user)) is None
    assert waiting_run.status == Status.QUEUED
    assert not Payment.objects.filter(status="open").exists()


def test_a_credit_that_comes_while_a_run_is_being_kept_starts_it(
    user: User, api: APIClient, worker: WorkerProcess, shop: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purchase looks for waiting runs after this one found no credit and before it is there to be seen."""

    def no_credit_yet(*args: Any, is_new: bool = False, **options: Any) -> bool:
        return not is_new and hold(*args, **options)

    hold = charging.hold
    monkeypatch.setattr(charging, "hold", no_credit_yet)
    give(user, 1)
    response = send(api, stop_time=1)
    assert (response.status_code, response.json()["status"], ledger.available(user)) == (200, "succeeded", 0)
    assert not Payment.objects.exists()


def test_a_token_does_not_spend_the_accounts_other_runs(
    user: User, api: APIClient, worker: WorkerProcess, shop: StandIn
) -> None:
    """Its own run is frozen by a dispute."""
    opened = api.post("/pay", {"product": "single_run"}).json()
    token = pay(shop, opened)
    give(user, 5)
    freeze(CreditLot.objects.get(payment__public_id=opened["payment"]["id"]), Frozen.DISPUTE)
    codes = [send(token, stop_time=1).status_code for _ in range(3)]
    assert (codes, ledger.available(user)) == ([403, 403, 403], 5)


@pytest.mark.parametrize("end", ["cancel", "delete", "expire"])
def test_a_run_that_will_never_run_cannot_be_paid_for(shop: StandIn, waiting_run: Simulation, end: str) -> None:
    payment = asked_to_pay(waiting_run)
    if end == "cancel":
        cancel(waiting_run)
    elif end == "delete":
        deletion.delete_simulation(waiting_run)
    else:
        Simulation.objects.update(created_at=timezone.now() - timedelta(days=30))
        assert recovery.expire_unpaid() == 1
    with pytest.raises(ControlRefused):
        shop.pay(session_of(payment))
    payment.refresh_from_db()
    assert (payment.status, payments.reopen(payment)) == ("expired", "")


def test_the_credit_goes_to_the_next_one_when_one_is_canceled_meanwhile(
    user: User, nothing_queued: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(user), made(user)
    real = start.start

    def late(simulation: Simulation, visitor: Visitor) -> bool:
        if simulation.pk == first.pk:
            cancel(Simulation.objects.get(pk=first.pk))
        return real(simulation, visitor)

    monkeypatch.setattr(start, "start", late)
    give(user, 5)
    assert (status_of(first), status_of(second)) == (Status.CANCELED, Status.QUEUED)


def test_a_cancel_of_what_could_not_be_run_costs_nothing(
    user: User, nothing_queued: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner cancels while the cage fails to be set up, which deserves another try."""
    give(user, 1)
    run = made(user, Status.QUEUED)
    ledger.hold(reference=run.public_id, user=user)

    def broken(simulation: Simulation, watch: Watch) -> Outcome:
        cancel(Simulation.objects.get(pk=simulation.pk))
        return Outcome(error=SandboxError("no cage"), **NOTHING)

    monkeypatch.setattr(execution, "_run", broken)
    execution.execute(run.pk)
    assert (status_of(run), ledger.charged(run.public_id), ledger.available(user)) == (Status.CANCELED, 0, 1)


def test_a_cancel_that_meets_a_run_on_its_way_back_to_the_queue_cancels_it(
    user: User, nothing_queued: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = leases.claim(made(user, Status.QUEUED).pk)
    assert mine is not None

    def given_back(simulation: Simulation, **facts: Any) -> bool:
        """After both looks at runs that wait, and before the one at those that run."""
        moved = transition(simulation, **facts)
        finish.requeue(mine, attempts=0)
        return moved

    monkeypatch.setattr(canceling, "transition", given_back)
    canceling.cancel(Simulation.objects.get(pk=mine.pk))
    assert status_of(mine) == Status.CANCELED


def test_a_cancel_of_what_ran_is_charged(user: User, nothing_queued: None, monkeypatch: pytest.MonkeyPatch) -> None:
    give(user, 1)
    run = made(user, Status.QUEUED)
    ledger.hold(reference=run.public_id, user=user)

    def stopped(simulation: Simulation, watch: Watch) -> Outcome:
        cancel(Simulation.objects.get(pk=simulation.pk))
        watch.canceled = True
        return Outcome(error=RunCanceled("stopped"), **NOTHING)

    monkeypatch.setattr(execution, "_run", stopped)
    execution.execute(run.pk)
    assert (status_of(run), ledger.charged(run.public_id)) == (Status.CANCELED, 1)
