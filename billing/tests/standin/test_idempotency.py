"""One Idempotency-Key, one effect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stripe

from billing.tests.standin.process import running
from billing.tests.standin.walk import Shop, client_of

_KEY: stripe.RequestOptions = {"idempotency_key": "pay_1:1"}


def test_the_same_request_again_gets_the_first_answer(shop: Shop) -> None:
    first = shop.client.v1.customers.create({"email": "a@example.test"}, _KEY)
    again = shop.client.v1.customers.create({"email": "a@example.test"}, _KEY)
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"  # type: ignore[union-attr]
    assert len(shop.client.v1.customers.list().data) == 1


def test_another_request_with_the_key_is_refused(shop: Shop) -> None:
    shop.client.v1.customers.create({"email": "a@example.test"}, _KEY)
    with pytest.raises(stripe.IdempotencyError):
        shop.client.v1.customers.create({"email": "b@example.test"}, _KEY)


def test_the_key_remembers_a_refusal_too(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.refunds.create({"charge": charge, "amount": 101}, _KEY)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        shop.client.v1.refunds.create({"charge": charge, "amount": 101}, _KEY)


def test_the_key_forgets_a_request_that_was_never_begun(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.create({"colour": "red"}, _KEY)  # type: ignore[arg-type]
    assert shop.client.v1.customers.create({"email": "a@example.test"}, _KEY).id


def test_sixteen_callers_at_once_with_one_key_make_one_refund(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    with ThreadPoolExecutor(16) as pool:
        made = {r.id for r in pool.map(lambda _: shop.client.v1.refunds.create({"charge": charge}, _KEY), range(16))}
    assert len(made) == 1
    assert len(shop.client.v1.refunds.list().data) == 1


def test_a_restart_forgets_neither_objects_nor_keys(tmp_path: Path) -> None:
    data = tmp_path / "standin.sqlite3"
    with running(data) as standin:
        made = client_of(standin).v1.customers.create({"email": "a@example.test"}, _KEY)
    with running(data) as standin:
        v1 = client_of(standin).v1
        assert v1.customers.retrieve(made.id).email == "a@example.test"
        assert v1.customers.create({"email": "a@example.test"}, _KEY).id == made.id
