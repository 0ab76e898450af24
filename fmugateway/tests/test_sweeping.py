"""The sweep: lost runs, unpaid ones, lost tasks; one step that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from billing.grants import grant
from billing.ledger import available, hold
from billing.models import LotSource
from fmugateway import sweeping
from fmugateway.sweeping import Step
from simulations.errors import Busy
from simulations.models import Fmu, Simulation, Status
from simulations.services import pressure, recovery

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def user() -> User:
    user = User.objects.create_user("runner@example.com")
    grant(source=LotSource.GOODWILL, quantity=5, reference="test", user=user)
    return user


@pytest.fixture
def simulation(user: User) -> Callable[..., Simulation]:
    """A paid simulation in any state, with its credit reserved."""

    def make(**fields: Any) -> Simulation:
        facts = {"fmu_public_id": "fmu_1", "sha256": "0" * 64, "model_name": "Ball", "fmi_version": "2.0"}
        made = Simulation.objects.create(**facts | {"user": user, "request": {}, "limits": {}} | fields)
        hold(reference=made.public_id, user=user)
        return made

    return make


def running(**fields: Any) -> dict[str, Any]:
    """The facts of a run whose worker has been silent for a second too long."""
    lease = timezone.now() - timedelta(seconds=1)
    return {"status": Status.RUNNING, "claimed_by": "gone:1", "lease_expires_at": lease, "attempts": 1} | fields


def test_a_lost_run_goes_back_into_the_queue_once(user: User, simulation: Callable[..., Simulation]) -> None:
    lost = simulation(**running())
    call_command("sweep")
    lost.refresh_from_db()
    assert (lost.status, lost.claimed_by) == (Status.QUEUED, "")
    assert available(user) == 4


def test_a_run_that_is_lost_twice_fails_and_costs_nothing(user: User, simulation: Callable[..., Simulation]) -> None:
    lost = simulation(**running(attempts=2))
    call_command("sweep")
    lost.refresh_from_db()
    assert (lost.status, lost.error_code) == (Status.FAILED, "worker_lost")
    assert available(user) == 5


def test_a_run_whose_worker_lives_is_left_alone(simulation: Callable[..., Simulation]) -> None:
    alive = simulation(**running(lease_expires_at=timezone.now() + timedelta(seconds=5)))
    call_command("sweep")
    alive.refresh_from_db()
    assert alive.status == Status.RUNNING


def test_what_nobody_paid_for_expires(user: User) -> None:
    kept = Simulation.objects.create(
        user=user, fmu_public_id="fmu_1", sha256="0" * 64, model_name="Ball", fmi_version="2.0", request={}, limits={},
        status=Status.AWAITING_PAYMENT,
    )  # fmt: skip
    Simulation.objects.update(created_at=LONG_AGO)
    call_command("sweep")
    kept.refresh_from_db()
    assert kept.status == Status.EXPIRED


def test_a_step_that_fails_stops_no_other_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def broken() -> None:
        raise RuntimeError("no disk")

    assert not sweeping.sweep([Step(broken, every=0), Step(lambda: done.append("next"), every=0)])
    assert done == ["next"]
    assert "step=broken code=sweep_failed" in caplog.text


def test_a_step_keeps_its_pace() -> None:
    done: list[int] = []
    steps = [Step(lambda: done.append(1), every=3600)]
    sweeping.sweep(steps)
    sweeping.sweep(steps)
    assert done == [1]


def test_a_step_with_more_to_do_takes_turns_with_the_others() -> None:
    left, turns = [10, 10, 3], list[str]()

    def forget() -> int:
        turns.append("forget")
        return left.pop(0)

    steps = [Step(lambda: turns.append("urgent"), every=0), Step(forget, every=3600, batch=10)]
    for _ in range(4):
        sweeping.sweep(steps)
    assert turns == ["urgent", "forget"] * 3 + ["urgent"]


def test_the_command_does_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator expects who has a full disk."""
    left = [10, 10, 3]
    assert sweeping.sweep([Step(lambda: left.pop(0), every=3600, batch=10)], all_now=True)
    assert left == []


def test_the_command_fails_when_a_step_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fmugateway.sweeping.prune_tasks", lambda: 1 / 0)
    with pytest.raises(CommandError, match="A step failed"):
        call_command("sweep")


def test_a_full_queue_refuses_new_runs_and_says_when_to_try_again(
    settings: Settings, simulation: Callable[..., Simulation]
) -> None:
    settings.MAX_QUEUED_RUNS = 1
    simulation(status=Status.QUEUED, queued_at=timezone.now())
    with pytest.raises(Busy) as refused:
        pressure.require_room(None)
    assert refused.value.status_code == 503
    assert refused.value.headers["Retry-After"] == pressure.RETRY_SECONDS


def test_nobody_fills_the_queue_alone(settings: Settings, user: User, simulation: Callable[..., Simulation]) -> None:
    settings.MAX_QUEUED_RUNS = pressure.SHARE
    simulation(status=Status.QUEUED, queued_at=timezone.now())
    with pytest.raises(Busy, match="of your runs are waiting"):
        pressure.require_room(user)
    pressure.require_room(User.objects.create_user("other@example.com"))


def test_tasks_that_their_broker_lost_are_noticed_by_counting(
    simulation: Callable[..., Simulation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs are queued for a while and the queue holds no task."""
    for _ in range(2):
        simulation(status=Status.QUEUED, queued_at=timezone.now() - timedelta(seconds=60))
    monkeypatch.setattr(recovery, "tasks_waiting", lambda: 2)
    assert recovery.requeue_lost_tasks() == 0
    monkeypatch.setattr(recovery, "tasks_waiting", lambda: 0)
    assert recovery.requeue_lost_tasks() == 2


def test_an_upload_whose_look_got_lost_is_looked_into_again_and_not_over_and_over() -> None:
    """While the workers are behind, each turn of the sweep would make the queue longer."""
    cache.clear()
    Fmu.objects.create(sha256="0" * 64, size=1, archive="fmus/x.fmu")
    Fmu.objects.update(created_at=LONG_AGO)
    assert [recovery.recheck_lost_uploads() for _ in range(3)] == [1, 0, 0]
