"""Workers: leases, a worker that dies, one that is told to stop, two at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings
from rest_framework.test import APIClient

from simulations.fmi.experiment import Outcome, RunMetrics
from simulations.models import FmuHolding, IdempotencyKey, Simulation, Status, Worker
from simulations.services import finish, leases, recovery, retention, waiting, watch, workers
from simulations.services.transition import transition
from simulations.tests import fmus
from simulations.tests.test_simulate import ENDLESS
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")

on_the_database_queue = pytest.mark.skipif(
    bool(django_settings.TASKS_BROKER_URL), reason="looks into the table that a broker replaces"
)


@pytest.fixture
def queued(ball: FmuHolding) -> Simulation:
    """A queued run that no task points to."""
    return Simulation.objects.create(
        fmu=ball,
        fmu_public_id=ball.public_id,
        sha256=ball.fmu.sha256,
        model_name="BouncingBall",
        fmi_version="2.0",
        is_sample=True,
        request={"interface_type": "CoSimulation", "start_time": 0.0, "stop_time": 1.0, "output_interval": 0.1,
                 "solver": None, "step_size": 0.1, "relative_tolerance": None, "record_events": False,
                 "start_values": {}, "outputs": ["h"]},
        limits={},
        status=Status.QUEUED,
        queued_at=timezone.now(),
    )  # fmt: skip


def lose(simulation: Simulation, attempts: int) -> None:
    """As if a worker had taken it and died."""
    Simulation.objects.filter(pk=simulation.pk).update(
        status=Status.RUNNING,
        claimed_by="gone:1",
        attempts=attempts,
        started_at=timezone.now(),
        lease_expires_at=timezone.now() - timedelta(seconds=1),
    )


def test_a_queued_run_is_claimed_once(queued: Simulation) -> None:
    assert leases.claim(queued.pk) is not None
    assert leases.claim(queued.pk) is None


def test_a_run_that_was_taken_away_cannot_be_finished(queued: Simulation) -> None:
    mine = leases.claim(queued.pk)
    assert mine is not None
    Simulation.objects.filter(pk=queued.pk).update(claimed_by="another:1")
    finish.finish(mine, Outcome(result=None, error=None, metrics=RunMetrics()))
    queued.refresh_from_db()
    assert (queued.status, queued.claimed_by) == (Status.RUNNING, "another:1")
    assert leases.renew(mine) is False


def test_a_run_outlives_a_database_that_is_away_for_a_moment(
    queued: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = leases.claim(queued.pk)
    assert mine is not None
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0)
    run = watch.Watch(mine)
    with monkeypatch.context() as away:
        away.setattr(Simulation, "objects", Away())
        assert not run.should_stop()
    Simulation.objects.filter(pk=mine.pk).update(claimed_by="another:1")
    assert run.should_stop()
    assert run.lost


class Away:
    """A table whose database does not answer."""

    def filter(self, *tests: object, **conditions: object) -> None:
        raise OperationalError("the server closed the connection")


def test_a_final_status_never_changes(queued: Simulation) -> None:
    assert transition(queued, to=Status.CANCELED, error_code="canceled")
    for status in Status:
        assert not transition(queued, to=status)


def test_a_lost_run_is_queued_once_more_and_succeeds(queued: Simulation) -> None:
    lose(queued, attempts=1)
    assert recovery.recover_lost_runs() == 1
    assert waiting.until_finished(queued, seconds=20)
    assert (queued.status, queued.attempts) == (Status.SUCCEEDED, 2)


def test_a_run_that_is_lost_twice_fails_as_ours(queued: Simulation) -> None:
    lose(queued, attempts=2)
    recovery.recover_lost_runs()
    queued.refresh_from_db()
    assert (queued.status, queued.error_code) == (Status.FAILED, "worker_lost")


def test_a_lease_that_is_renewed_at_the_last_moment_keeps_its_run(queued: Simulation) -> None:
    """The sweep saw it ended, and before it got there the worker's database was back."""
    lose(queued, attempts=2)
    Simulation.objects.update(lease_expires_at=leases.expiry())
    assert not recovery._recover(queued.pk)
    queued.refresh_from_db()
    assert queued.status == Status.RUNNING


def test_a_lost_run_that_was_cancelled_is_not_run_again(queued: Simulation) -> None:
    lose(queued, attempts=1)
    Simulation.objects.update(cancel_requested_at=timezone.now())
    recovery.recover_lost_runs()
    queued.refresh_from_db()
    assert (queued.status, queued.error_code) == (Status.CANCELED, "canceled")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="its queue is on the disk that is full")
def test_a_run_that_the_queue_has_no_room_for_is_accepted_all_the_same(api: APIClient, ball: FmuHolding) -> None:
    """It is committed by then: an error would deny a run that is charged for."""
    with _no_room_for_tasks():
        accepted = api.post("/simulate", {"fmu_id": "sample:BouncingBall"}, headers={"prefer": "wait=0"})
    assert accepted.status_code == 202
    lost = timezone.now() - timedelta(seconds=recovery.LOST_TASK_SECONDS + 1)
    Simulation.objects.update(queued_at=lost)
    assert recovery.requeue_lost_tasks() == 1
    ended = Simulation.objects.filter(public_id=accepted.json()["id"], status=Status.SUCCEEDED)
    assert waiting.until(ended.exists, seconds=20)


@contextmanager
def _no_room_for_tasks() -> Iterator[None]:
    with connection.cursor() as cursor:
        refuse = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        cursor.execute(f"CREATE TRIGGER no_room BEFORE INSERT ON {DBTaskResult._meta.db_table} {refuse}")
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER no_room")


def test_a_run_whose_task_got_lost_is_enqueued_again(queued: Simulation) -> None:
    Simulation.objects.update(queued_at=timezone.now() - timedelta(minutes=10))
    recovery.requeue_lost_tasks()
    assert waiting.until_finished(queued, seconds=20)
    assert queued.status == Status.SUCCEEDED


def test_what_nobody_pays_for_expires(queued: Simulation) -> None:
    Simulation.objects.update(status=Status.AWAITING_PAYMENT, created_at=timezone.now() - timedelta(days=8))
    assert recovery.expire_unpaid() == 1
    queued.refresh_from_db()
    assert queued.status == Status.EXPIRED


def test_a_worker_that_dies_loses_no_run(api: APIClient, van_der_pol: FmuHolding) -> None:
    """kill -9 in the middle; the sweep gives the run to the other worker."""
    doomed = WorkerProcess().wait_until_ready()
    runs = [api.post("/simulate", ENDLESS, headers={"prefer": "wait=0"}).json() for _ in range(2)]
    mine = Simulation.objects.filter(claimed_by__endswith=f":{doomed.process.pid}", status=Status.RUNNING)
    assert waiting.until(mine.exists, seconds=20)
    lost = mine.get()
    doomed.kill()
    assert waiting.until(_other_one_freed(api, runs, lost), seconds=20)
    Simulation.objects.filter(pk=lost.pk).update(lease_expires_at=timezone.now())
    assert recovery.recover_lost_runs() == 1
    again = Simulation.objects.filter(pk=lost.pk, status=Status.RUNNING, attempts=2)
    assert waiting.until(again.exists, seconds=20)
    _forget_oldest_task()
    api.post(f"/api/v1/simulations/{lost.public_id}/cancel")


def _forget_oldest_task() -> None:
    """Of those that are running: the dead worker's, for whose end the tests would wait before they clean up."""
    DBTaskResult.objects.filter(pk__in=DBTaskResult.objects.running().order_by("started_at")[:1]).delete()


def _other_one_freed(api: APIClient, runs: list[dict[str, Any]], lost: Simulation) -> Any:
    other = next(run for run in runs if run["id"] != lost.public_id)
    api.post(f"{other['url']}/cancel")
    return lambda: Simulation.objects.get(public_id=other["id"]).is_final


def test_a_worker_that_is_told_to_stop_finishes_and_withdraws(worker: WorkerProcess) -> None:
    second = WorkerProcess().wait_until_ready()
    assert second.stop() == 0
    assert not Worker.objects.filter(name__endswith=f":{second.process.pid}").exists()


@pytest.mark.parametrize(("options", "takes_runs"), [((), True), (("--queues", "intake"), False)])
def test_a_worker_says_whether_it_takes_runs(worker: WorkerProcess, options: tuple[str, ...], takes_runs: bool) -> None:
    another = WorkerProcess(*options).wait_until_ready()
    said = Worker.objects.get(name__endswith=f":{another.process.pid}").takes_runs
    another.stop()
    assert said is takes_runs


def test_a_worker_that_is_told_to_stop_hands_a_long_run_back(api: APIClient, worker: WorkerProcess) -> None:
    """Its attempt does not count: the other worker goes on as if nothing had been."""
    second = WorkerProcess().wait_until_ready()
    fmu = api.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("VanDerPol"))}, format="multipart").json()
    long_run = ENDLESS | {"fmu_id": fmu["id"]}
    runs = [api.post("/simulate", long_run, headers={"prefer": "wait=0"}).json() for _ in range(2)]
    its = Simulation.objects.filter(claimed_by__endswith=f":{second.process.pid}", status=Status.RUNNING)
    assert waiting.until(its.exists, seconds=20)
    handed_back = its.get()
    assert second.stop() == 0
    handed_back.refresh_from_db()
    assert (handed_back.status, handed_back.attempts) in {(Status.QUEUED, 0), (Status.RUNNING, 1)}
    for run in runs:
        api.post(f"{run['url']}/cancel")


def test_two_workers_share_the_queue_and_run_everything_once(anonymous: APIClient, ball: FmuHolding) -> None:
    second = WorkerProcess().wait_until_ready()
    body = {"fmu_id": "sample:BouncingBall", "stop_time": 0.1}
    for _ in range(30):
        anonymous.post("/simulate", body, headers={"prefer": "wait=0"})
    done = Simulation.objects.filter(status=Status.SUCCEEDED)
    assert waiting.until(lambda: done.count() == 30, seconds=60)
    assert set(done.values_list("attempts", flat=True)) == {1}
    assert len(set(done.values_list("claimed_by", flat=True))) == 2
    assert second.stop() == 0


@on_the_database_queue
def test_a_task_that_is_delivered_twice_runs_once(anonymous: APIClient, ball: FmuHolding) -> None:
    run = anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall"}).json()
    first = Simulation.objects.get(public_id=run["id"])
    task = DBTaskResult.objects.get(args_kwargs__args=[first.pk])
    DBTaskResult.objects.filter(pk=task.pk).update(status="READY")
    assert waiting.until(DBTaskResult.objects.filter(pk=task.pk, status="SUCCESSFUL").exists, seconds=20)
    again = Simulation.objects.get(pk=first.pk)
    assert (again.attempts, again.result, again.finished_at) == (1, first.result, first.finished_at)


@on_the_database_queue
def test_a_worker_outlives_the_deletion_of_its_task(api: APIClient, worker: WorkerProcess, ball: FmuHolding) -> None:
    """The run is finished as if nothing had been, and the next one, too."""
    mine = api.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("VanDerPol"))}, format="multipart").json()
    run = api.post("/simulate", ENDLESS | {"fmu_id": mine["id"]}, headers={"prefer": "wait=0"}).json()
    assert waiting.until(Simulation.objects.filter(public_id=run["id"], status=Status.RUNNING).exists, seconds=20)
    DBTaskResult.objects.all().delete()
    assert api.post(f"{run['url']}/cancel").json()["status"] == "canceled"
    assert api.post("/simulate", {"fmu_id": "sample:BouncingBall"}).json()["status"] == "succeeded"
    assert worker.process.poll() is None


def test_without_isolation_runs_are_refused_with_the_reason(
    anonymous: APIClient, ball: FmuHolding, monkeypatch: pytest.MonkeyPatch
) -> None:
    Worker.objects.create(name="bare", cage_reason="bubblewrap is not installed", seen_at=timezone.now())
    # The worker of the other tests keeps saying that it is alive.
    monkeypatch.setattr(workers, "alive", lambda: Worker.objects.filter(name="bare"))
    response = anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall"})
    assert (response.status_code, response.json()["code"]) == (503, "isolation_unavailable")
    assert "bubblewrap is not installed" in response.json()["detail"]
    assert Simulation.objects.count() == 0


def test_dead_workers_do_not_count(ball: FmuHolding) -> None:
    Worker.objects.update(cage_level="", seen_at=timezone.now() - timedelta(minutes=5))
    workers.require_isolation()


def test_a_full_queue_is_503_at_once(anonymous: APIClient, queued: Simulation, settings: Settings) -> None:
    settings.MAX_QUEUED_RUNS = 1
    response = anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall"})
    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert response.headers["Retry-After"] == "10"


def test_answers_of_yesterday_are_forgotten(api: APIClient, ball: FmuHolding) -> None:
    api.post("/simulate", {"fmu_id": "sample:BouncingBall"}, headers={"idempotency-key": "k"})
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    retention.forget_old_answers()
    assert IdempotencyKey.objects.count() == 0


@on_the_database_queue
def test_runs_of_a_busy_account_become_less_urgent(api: APIClient, van_der_pol: FmuHolding) -> None:
    runs = [api.post("/simulate", ENDLESS, headers={"prefer": "wait=0"}).json() for _ in range(3)]
    priorities = list(DBTaskResult.objects.order_by("enqueued_at").values_list("priority", flat=True))[-3:]
    for run in reversed(runs):
        api.post(f"{run['url']}/cancel")
    assert priorities == [50, 49, 48]


@on_the_database_queue
def test_a_sample_does_not_wait_behind_long_runs(api: APIClient, van_der_pol: FmuHolding) -> None:
    """One worker is busy with an own FMU; the worker for short tasks runs the sample meanwhile."""
    short = WorkerProcess("--queues", "intake").wait_until_ready()
    mine = api.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("VanDerPol"))}, format="multipart").json()
    long_run = api.post("/simulate", ENDLESS | {"fmu_id": mine["id"]}, headers={"prefer": "wait=0"}).json()
    waiting.until(Simulation.objects.filter(public_id=long_run["id"], status=Status.RUNNING).exists, seconds=20)
    assert api.post("/simulate", {"fmu_id": "sample:VanDerPol"}).json()["status"] == "succeeded"
    assert api.post(f"{long_run['url']}/cancel").json()["status"] == "canceled"
    assert short.stop() == 0
