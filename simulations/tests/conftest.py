"""What the tests of the product start from: a real worker process with a real cage, on a database that commits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from simulations.models import FmuHolding, Simulation, Status
from simulations.services import news, waiting
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[WorkerProcess]:
    with django_db_blocker.unblock():
        worker = WorkerProcess().wait_until_ready()
        yield worker
        worker.stop()


@pytest.fixture(scope="session")
def ears(django_db_setup: None) -> Iterator[None]:
    """Whoever waited has left a thread that listens: it ends before its database does."""
    yield
    news.stop_listening()


@pytest.fixture
def transactional_db(django_db_setup: None, ears: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's: a database that other processes see, emptied without the half second of a flush."""
    with django_db_blocker.unblock():
        yield
        # A worker that has just finished a run still has to note that its task is done; a failed test may leave one.
        # What nobody has begun is never begun: else it might be just after nothing was seen to run.
        DBTaskResult.objects.filter(status="READY").delete()
        Simulation.objects.filter(status=Status.RUNNING).update(cancel_requested_at=timezone.now())
        waiting.until(lambda: not DBTaskResult.objects.filter(status="RUNNING").exists(), seconds=10)
        _delete_rows()
        connection.close()


@pytest.fixture
def free(settings: Settings) -> None:
    """Nothing costs anything."""
    settings.STRIPE_ENABLED = False


@pytest.fixture
def worker(worker_process: WorkerProcess, transactional_db: None) -> WorkerProcess:
    """One worker is running."""
    cache.clear()
    assert worker_process.process.poll() is None, worker_process.log.read_text()
    return worker_process


@pytest.fixture
def ball(worker: WorkerProcess) -> FmuHolding:
    """sample:BouncingBall."""
    return fmus.load_sample("BouncingBall")


@pytest.fixture
def van_der_pol(worker: WorkerProcess) -> FmuHolding:
    """sample:VanDerPol, which runs for as long as one likes with a small step."""
    return fmus.load_sample("VanDerPol")


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user(f"engineer{next(_numbers)}@example.com")


@pytest.fixture
def api(user: User) -> APIClient:
    """A program with an API token of `user`."""
    return client_of(user)


@pytest.fixture
def stranger(transactional_db: None) -> APIClient:
    """A program of somebody else."""
    return client_of(User.objects.create_user(f"stranger{next(_numbers)}@example.com"))


def client_of(user: User) -> APIClient:
    _, token = ApiToken.objects.create(user=user)
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def _delete_rows() -> None:
    """Every row of every table that tests write to, children first or not: nothing is checked meanwhile."""
    keep = {"contenttypes", "auth", "sites"}
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in keep and model._meta.managed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """One worker process serves one pytest process: under xdist these tests stay together."""
    for item in items:
        if "worker_process" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("worker"))
