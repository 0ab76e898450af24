"""A query that is compiled once answers as the one that the ORM would build anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, F, QuerySet
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.models import ApiToken, User
from billing.models import CreditLot, LotSource
from fmugateway.prepared import Given, Prepared, PreparedUpdate
from simulations.models import Simulation, Status, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def users() -> list[User]:
    return [User.objects.create_user(f"user{number}@example.com") for number in range(3)]


@pytest.fixture
def lot(users: list[User]) -> CreditLot:
    return CreditLot.objects.create(
        user=users[0], source=LotSource.GOODWILL, quantity=5, remaining=5, livemode=False, expires_at=timezone.now()
    )


def by_email() -> QuerySet[User]:
    return User.objects.filter(email=Given("email"))


def test_rows_are_those_of_the_queryset(users: list[User]) -> None:
    found = Prepared(by_email)
    for user in users:
        assert found.all(email=user.email) == [user]
        assert vars(found.all(email=user.email)[0])["date_joined"] == user.date_joined


def test_first_of_nothing_is_none(users: list[User]) -> None:
    assert Prepared(by_email).first(email="nobody@example.com") is None


def test_none_is_equal_to_nothing(lot: CreditLot) -> None:
    CreditLot.objects.filter(pk=lot.pk).update(user=None)
    assert not Prepared(lambda: CreditLot.objects.filter(user_id=Given("user"))).all(user=None)


def test_related_rows_come_along(users: list[User], django_assert_num_queries: pytest.FixtureRequest) -> None:
    token, _ = ApiToken.objects.create(user=users[1], name="mine")
    tokens = Prepared(lambda: ApiToken.objects.filter(user_id=Given("user")).select_related("user"))
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = tokens.all(user=users[1].pk)
        assert [item.user.email for item in found] == [users[1].email]
    assert found == [token]


def test_tuples_and_values_as_they_are_asked_for(lot: CreditLot) -> None:
    pairs = Prepared(lambda: CreditLot.objects.filter(pk=Given("pk")).values_list("remaining", "livemode"))
    plain = Prepared(lambda: CreditLot.objects.filter(pk=Given("pk")).values_list("expires_at", flat=True))
    assert pairs.all(pk=lot.pk) == [(5, False)]
    assert plain.all(pk=lot.pk) == [lot.expires_at]


def test_times_are_adapted_to_the_database(lot: CreditLot) -> None:
    later = Prepared(lambda: CreditLot.objects.filter(expires_at__gt=Given("now", DateTimeField())))
    assert lot.expires_at is not None
    assert later.all(now=lot.expires_at - timedelta(microseconds=1)) == [lot]
    assert later.all(now=lot.expires_at) == []


def test_it_is_built_once_and_each_execution_is_one_statement(
    users: list[User], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    built: list[int] = []

    def build() -> QuerySet[User]:
        built.append(1)
        return by_email()

    found = Prepared(build)
    with django_assert_num_queries(3):  # type: ignore[operator]
        for user in users:
            found.all(email=user.email)
    assert len(built) == 1


def test_what_is_missing_is_named(users: list[User]) -> None:
    with pytest.raises(KeyError, match="email"):
        Prepared(by_email).all(mail="user0@example.com")


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_mix_up_their_values(users: list[User]) -> None:
    found = Prepared(by_email)

    def ask(number: int) -> bool:
        try:
            return all(found.all(email=users[number].email) == [users[number]] for _ in range(100))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(ask, range(3))) == [True] * 3


def test_update_sets_what_is_given_and_what_is_computed(lot: CreditLot) -> None:
    take = PreparedUpdate(
        lambda: CreditLot.objects.filter(pk=Given("pk"), remaining__gte=Given("least")),
        "frozen",
        "expires_at",
        remaining=F("remaining") - 1,
    )
    assert take.run(pk=lot.pk, least=5, frozen="dispute", expires_at=None) == 1
    assert take.run(pk=lot.pk, least=5, frozen="", expires_at=None) == 0
    lot.refresh_from_db()
    assert (lot.remaining, lot.frozen, lot.expires_at) == (4, "dispute", None)


def test_update_writes_json_as_the_orm_does() -> None:
    simulation = Simulation.objects.create(
        fmu_public_id="fmu_1", sha256="0" * 64, model_name="M", fmi_version="2.0",
        request={}, limits={}, status=Status.AWAITING_PAYMENT,
    )  # fmt: skip
    values = {"spark": [0.5, 1.0], "inputs": None, "notes": ["an umlaut: ü", 'a "quote"']}
    write = PreparedUpdate(lambda: Simulation.objects.filter(pk=Given("pk")), *values)
    assert write.run(pk=simulation.pk, **values) == 1
    simulation.refresh_from_db()
    assert {name: getattr(simulation, name) for name in values} == values
    assert Simulation.objects.filter(inputs__isnull=True).exists()


def test_constraint_breaks_the_transaction_as_an_update_of_the_orm_does(lot: CreditLot) -> None:
    too_much = PreparedUpdate(lambda: CreditLot.objects.filter(pk=Given("pk")), remaining=F("remaining") - 6)
    with pytest.raises(IntegrityError), transaction.atomic():
        too_much.run(pk=lot.pk)
    lot.refresh_from_db()
    assert lot.remaining == 5


def test_update_of_many_rows_says_how_many() -> None:
    for number in range(3):
        Worker.objects.create(name=f"worker{number}", takes_runs=True, seen_at=timezone.now())
    retire = PreparedUpdate(lambda: Worker.objects.filter(takes_runs=True), "cage_reason")
    assert retire.run(cage_reason="retired") == 3
