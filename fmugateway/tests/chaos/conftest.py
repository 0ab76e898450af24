"""A site of its own for each kind of deployment, with customers who have credit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from billing.tests.standin.client import StandIn
from e2e.site import Site
from fmugateway.testing.servers import Servers, servers
from fmugateway.tests.chaos.customers import PASSING, Customer

CREDIT = 100_000
_CUSTOMERS = """
from accounts.models import ApiToken, User
from billing.grants import grant
from billing.models import LotSource
for number in range({number}):
    user = User.objects.create_user(f'customer{{number}}@example.com')
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    grant(source=LotSource.GOODWILL, quantity={runs}, reference=f'chaos:{{number}}', user=user)
    print(ApiToken.objects.create(user=user)[1])
"""
_LOOSE_ENDS = """
from simulations.models import FINAL, Simulation
print(Simulation.objects.exclude(status__in=FINAL).exclude(status='awaiting_payment').count())
"""


@dataclass(frozen=True)
class Fragile:
    """A running site, and the servers below it where it has some."""

    site: Site
    servers: Servers | None

    @property
    def standin(self) -> StandIn:
        return StandIn(self.site.standin_url)

    def customers(self, number: int, passing: frozenset[int] = PASSING) -> list[Customer]:
        """Each with an FMU of their own and all the credit they need."""
        script = _CUSTOMERS.format(number=number, runs=CREDIT)
        tokens = self.site.manage("shell", "-v", "0", "-c", script).splitlines()
        customers = [Customer(self.site.url, token, passing) for token in tokens]
        for customer in customers:
            customer.upload()
        return customers

    def assert_sound(self) -> None:
        """Nothing is left half done, and every invariant of the ledger holds."""
        assert self.site.manage("shell", "-v", "0", "-c", _LOOSE_ENDS) == "0"
        self.site.manage("audit_ledger")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need both cores: one after the other."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)
            item.add_marker(pytest.mark.xdist_group("chaos"))


@pytest.fixture
def seconds() -> float:
    """How long faults go on: briefly in CI, as long as `make chaos` says."""
    return float(os.environ.get("CHAOS_SECONDS", "6"))


@pytest.fixture
def one_machine(tmp_path: Path) -> Iterator[Fragile]:
    """SQLite and the queue in it."""
    site = start(
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
        TASKS_BROKER_URL="",
        CACHE_URL="dbcache://django_cache",
    )
    yield Fragile(site, None)
    site.stop()


@pytest.fixture
def many_machines(tmp_path: Path) -> Iterator[Fragile]:
    """PostgreSQL, Celery and Redis."""
    with ExitStack() as stack:
        running = stack.enter_context(servers())
        site = start(tmp_path, **running.environment)
        stack.callback(site.stop)
        yield Fragile(site, running)


def start(data: Path, **variables: str) -> Site:
    unlimited = {f"RATE_LIMIT_{name}": "1000000" for name in ("ACCOUNT", "ANONYMOUS", "UPLOAD")}
    # No free runs: what is granted here is all the credit there is.
    return Site.start(data, WEB_PROCESSES="2", TRIAL_RUNS="0", **unlimited, **variables)
