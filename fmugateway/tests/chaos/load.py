"""A steady load of paid runs, and what must be true of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from fmugateway.tests.chaos.conftest import CREDIT, Fragile
from fmugateway.tests.chaos.customers import FEWEST_RUNS, Customer, Guest, Outcome

CUSTOMERS = 3


@contextmanager
def buying(fragile: Fragile, customers: list[Customer], *, guests: int = 0) -> Iterator[list[Future[Outcome]]]:
    """Every customer buys runs until the block ends; each guest buys one, which is what the block gets."""
    stopping = Event()
    with ThreadPoolExecutor(len(customers) + guests) as pool:
        try:
            buying = [pool.submit(customer.buy_runs_until, stopping) for customer in customers]
            yield [pool.submit(Guest(fragile.site.url, fragile.standin).buy_one_run) for _ in range(guests)]
        finally:
            stopping.set()
    for future in buying:
        future.result()


def assert_served(customer: Customer) -> None:
    """Each run ended as it should, and no credit is missing."""
    outcomes = list(customer.outcomes())
    assert len(outcomes) >= FEWEST_RUNS
    for outcome in outcomes:
        outcome.check()
    assert customer.credit() == CREDIT - sum(outcome.charged for outcome in outcomes)
