"""Every number of the owner's view, on a past that one can add up by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from pytest_django import Settings

from accounts.models import User
from billing import card_fees
from billing.models import CreditEntry, CreditLot, Payment
from fmugateway.metrics import Period, Report, report
from fmugateway.metrics.money import liability, mrr, net_by_payer, recognised
from fmugateway.metrics.numbers import Share, bucket_of, spread_of_buckets
from fmugateway.metrics.people import paid_users, regulars
from fmugateway.metrics.period import BadPeriod, parse
from fmugateway.metrics.report import Business
from fmugateway.metrics.rollups import roll_up
from fmugateway.models import RolledDay, RunDay, StorageDay
from fmugateway.tests.owner.history import at, free_lot, run, sale
from simulations.models import Simulation, Status

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture(autouse=True)
def _in_november(db: None) -> Iterator[None]:
    with time_machine.travel(at("2026-11-10 09:00"), tick=False):
        yield


def money_of(found: Report) -> Business:
    assert found.business
    return found.business


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada@example.com")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.com")


@pytest.fixture
def history(ada: User, bob: User, settings: Settings) -> None:
    """October: Ada tries on the 5th, buys a pack on the 8th, runs on three days. Bob tries and leaves.

    A guest pays GBP 1 and gets a result; another is asked, opens Checkout and goes; a third is asked only.
    """
    settings.COST_CPU_HOUR, settings.COST_GB_MONTH = 3600.0, 0.0  # a penny a CPU second
    trial = free_lot(ada, at("2026-10-05 09:00"))
    run(at("2026-10-05 10:00"), user=ada, lot=trial)
    pack = sale("pack_10", at("2026-10-08 10:00"), amount=800, fee=32, user=ada)
    for day in ("08", "08", "20"):
        run(at(f"2026-10-{day} 11:00"), user=ada, lot=CreditLot.objects.get(payment=pack), cpu=2.0)
    run(at("2026-10-20 12:00"), user=ada, status=Status.FAILED, code="timeout", cpu=5.0)
    run(at("2026-10-06 10:00"), user=bob, lot=free_lot(bob, at("2026-10-06 09:00")), model_name="Valve")
    guest = run(at("2026-10-09 10:00:30"))
    paid = sale(
        "single_run",
        at("2026-10-09 10:00:10"),
        amount=100,
        fee=22,
        simulation=guest.public_id,
        customer="cus_guest",
        opened_at=at("2026-10-09 09:59:00"),
        created_at=at("2026-10-09 09:58:00"),
    )
    lot = CreditLot.objects.get(payment=paid)
    CreditEntry.objects.create(
        lot=lot, kind="capture", delta=0, reference=guest.public_id, created_at=at("2026-10-09 10:00:30")
    )
    CreditLot.objects.filter(pk=lot.pk).update(remaining=0)
    for opened in (at("2026-10-10 10:03"), None):
        asked = {"runs": 1, "amount": 100, "currency": "gbp", "livemode": False}
        created = at("2026-10-10 10:00")
        Payment.objects.create(product="single_run", status="expired", created_at=created, opened_at=opened, **asked)
    run(at("2026-10-11 10:00"), is_sample=True, model_name="BouncingBall", cpu=0.5)


@pytest.fixture
def october(history: None) -> Report:
    return report(OCTOBER, money=True)


def test_runs_are_counted_by_end_code_and_owner_with_samples_apart(october: Report) -> None:
    runs = october.usage.runs
    assert (runs.total, runs.by_status, runs.samples) == (7, {"succeeded": 6, "failed": 1}, 1)
    assert runs.by_code == {"timeout": 1}
    assert runs.by_owner == {"account": 6, "guest": 1}
    assert sum(day.succeeded for day in runs.by_day) == 6


def test_a_run_counts_on_the_day_it_ended_in_the_time_zone_of_the_site(ada: User, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/London"
    run(at("2026-09-30 23:30"), user=ada)  # 00:30 of 1 October, British summer time
    assert report(OCTOBER, money=False).usage.runs.by_day[0].succeeded == 1


def test_cash_revenue_is_payments_less_refunds_less_lost_disputes(ada: User) -> None:
    sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=ada, refunded=(at("2026-10-03 10:00"), 800))
    sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=ada, lost=at("2026-10-09 10:00"))
    sale("single_run", at("2026-10-31 23:59"), amount=100, fee=22)
    sale("single_run", at("2026-11-01 00:00"), amount=100, fee=22)
    cash = money_of(report(OCTOBER, money=True)).cash
    assert (cash.payments, cash.refunds, cash.disputes, cash.revenue) == (1700, 800, 800, 100)
    assert (cash.fees, cash.net) == (32 + 32 + 2000 + 22, 100 - 2086)
    assert [day.amount for day in cash.by_day if day.amount] == [1600, -800, -800, 100]


def test_recognised_revenue_is_captured_credits_at_their_value(october: Report) -> None:
    assert (money_of(october).recognised.revenue, money_of(october).recognised.captured) == (3 * 80 + 100, 6)


def test_lapsed_paid_credits_are_breakage_and_not_revenue(ada: User) -> None:
    lot = CreditLot.objects.get(payment=sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=ada))
    CreditEntry.objects.create(lot=lot, kind="expire", delta=-4, reference="lapse", created_at=at("2026-10-09 10:00"))
    roll_up()
    assert (recognised(OCTOBER).revenue, recognised(OCTOBER).breakage) == (0, 320)


def test_liability_is_what_is_left_of_paid_credits_by_age(october: Report, ada: User) -> None:
    sale("pack_10", at("2026-11-09 10:00"), amount=800, fee=32, user=ada)
    owed = liability()
    assert (owed.amount, owed.credits) == (7 * 80 + 800, 17)
    assert owed.by_age == {"0-30 days": 800, "31-90 days": 560, "91-365 days": 0, "older": 0}


def test_paid_users_are_payers_who_kept_something_in_thirty_days(ada: User, bob: User) -> None:
    sale("pack_10", at("2026-10-20 10:00"), amount=800, fee=32, user=ada)
    sale("single_run", at("2026-10-20 10:00"), amount=100, fee=22, user=ada)
    sale("pack_10", at("2026-10-21 10:00"), amount=800, fee=32, user=bob, refunded=(at("2026-10-22 10:00"), 800))
    for _ in range(2):
        sale("single_run", at("2026-10-23 10:00"), amount=100, fee=22, customer="cus_guest")
    sale("single_run", at("2026-09-30 10:00"), amount=100, fee=22, customer="cus_too_long_ago")
    assert paid_users(OCTOBER.end) == 2


def test_what_a_promotion_paid_for_makes_no_payer(ada: User) -> None:
    sale("pack_10", at("2026-10-20 10:00"), amount=0, fee=0, user=ada)
    assert paid_users(OCTOBER.end) == 0


def test_free_to_paid_follows_each_week_s_newcomers_for_thirty_days(october: Report) -> None:
    conversion = money_of(october).free_to_paid
    assert (conversion.share, conversion.median_days) == (Share(1, 2), 3)
    assert [(cohort.week, cohort.share) for cohort in conversion.cohorts] == [(date(2026, 10, 5), Share(1, 2))]


def test_a_payment_after_thirty_days_or_given_back_converts_nobody(ada: User, bob: User) -> None:
    for user in (ada, bob):
        run(at("2026-10-05 10:00"), user=user, lot=free_lot(user, at("2026-10-05 09:00")))
    sale("pack_10", at("2026-11-05 10:00"), amount=800, fee=32, user=ada)
    sale("pack_10", at("2026-10-06 10:00"), amount=800, fee=32, user=bob, refunded=(at("2026-10-07 10:00"), 800))
    assert money_of(report(OCTOBER, money=True)).free_to_paid.share == Share(0, 2)


def test_repeat_users_ran_on_two_days(october: Report, ada: User) -> None:
    assert october.usage.repeat_users == Share(1, 2)
    (regular,) = regulars(OCTOBER, limit=10, at_least_days=2)
    assert (regular.email, regular.runs, regular.days, regular.last_day) == (ada.email, 4, 3, date(2026, 10, 20))


def test_mrr_counts_running_plans_once_and_no_packs(ada: User, bob: User) -> None:
    sale("pilot_250", at("2026-10-20 10:00"), amount=10_000, fee=170, user=ada, subscription="sub_ada")
    sale("pilot_250", at("2026-11-09 10:00"), amount=10_000, fee=170, user=ada, subscription="sub_ada", invoice="in_2")
    sale("pilot_250", at("2026-09-01 10:00"), amount=10_000, fee=170, user=bob, subscription="sub_bob")
    sale("pack_10", at("2026-11-01 10:00"), amount=800, fee=32, user=bob)
    assert (mrr().amount, mrr().plans) == (10_000, 1)


def test_cost_per_run_carries_failed_runs_samples_and_fees(october: Report) -> None:
    costs = money_of(october).costs
    cpu = 1 + 3 * 2 + 5 + 1 + 1 + 0.5
    assert costs.cpu == pytest.approx(cpu)
    assert (costs.fees, costs.successful_runs) == (54, 6)
    assert costs.per_run == pytest.approx((cpu + 54) / 6)
    assert costs.margin_per_run == pytest.approx((340 - cpu - 54) / 6)


def test_stored_gigabytes_cost_their_days(ada: User, settings: Settings) -> None:
    settings.COST_GB_MONTH = 365.0 / 12  # a penny a gigabyte and day
    with time_machine.travel(at("2026-10-10 09:00"), tick=False):
        run(at("2026-10-10 08:00"), user=ada)
        StorageDay.objects.create(day=date(2026, 10, 10), stored_bytes=10**9)
    assert money_of(report(OCTOBER, money=True)).costs.storage == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("product", "amount", "fee", "runs", "net_per_run"),
    [("single_run", 100, 21.5, 1, 78.5), ("pack_10", 800, 32, 10, 76.8), ("pilot_250", 10_000, 170, 250, 39.32)],
)
def test_card_fees_leave_what_the_price_list_says(
    product: str, amount: int, fee: float, runs: int, net_per_run: float
) -> None:
    assert float(card_fees.card_fee(amount)) == fee
    assert float(card_fees.net_per_run(amount, runs)) == net_per_run


def test_funnel_shows_who_was_asked_opened_paid_and_got_a_result(october: Report) -> None:
    steps = {step.name: (step.share, step.seconds.p50) for step in money_of(october).funnel.steps}
    assert steps == {
        "402 answered": (Share(3, 3), None),
        "Checkout opened": (Share(2, 3), 60.0),
        "Paid": (Share(1, 3), 70.0),
        "Result delivered": (Share(1, 3), 20.0),
    }
    assert money_of(october).funnel.pay_to_result.p95 == 20.0


def test_live_money_and_test_money_never_meet(ada: User, settings: Settings) -> None:
    sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=ada, livemode=True)
    sale("single_run", at("2026-10-03 10:00"), amount=100, fee=22)
    assert money_of(report(OCTOBER, money=True)).cash.revenue == 100
    settings.STRIPE_LIVE_MODE = True
    assert money_of(report(OCTOBER, money=True)).cash.revenue == 800
    assert set(net_by_payer(OCTOBER.start_at, OCTOBER.end_at)) == {f"user:{ada.pk}"}


def test_another_currency_is_named_and_not_added(ada: User) -> None:
    sale("single_run", at("2026-10-03 10:00"), amount=100, fee=22, currency="eur")
    business = money_of(report(OCTOBER, money=True))
    assert (business.cash.revenue, business.other_currencies) == (0, ("eur",))


def test_first_payment_is_the_first_money_that_came(october: Report) -> None:
    first = money_of(october).first_payment
    assert first
    assert (first.amount, first.at) == (800, at("2026-10-08 10:00"))


def test_a_finished_day_stays_as_it_was_when_its_runs_are_deleted(october: Report) -> None:
    Simulation.objects.all().delete()
    assert report(OCTOBER, money=False).usage.runs.total == 7


def test_a_day_is_final_once_counted_after_its_end(ada: User) -> None:
    with time_machine.travel(at("2026-10-05 23:59"), tick=False):
        run(at("2026-10-05 23:58"), user=ada)
        roll_up()
    run(at("2026-10-05 23:59:30"), user=ada)
    roll_up()
    assert RunDay.objects.get(day=date(2026, 10, 5)).runs == 2
    before = RolledDay.objects.get(day=date(2026, 10, 5)).rolled_at
    with time_machine.travel(at("2026-11-11 09:00"), tick=False):
        roll_up()
    assert RolledDay.objects.get(day=date(2026, 10, 5)).rolled_at == before


def test_percentiles_of_the_histogram_are_near_the_measured_ones() -> None:
    counts: dict[int, int] = {}
    for milliseconds in range(1, 1001):
        bucket = bucket_of(milliseconds / 1000)
        counts[bucket] = counts.get(bucket, 0) + 1
    spread = spread_of_buckets(counts)
    assert [spread.p50, spread.p95] == pytest.approx([0.5, 0.95], rel=0.03)


def test_queue_wait_and_run_time_come_from_the_runs(october: Report) -> None:
    quality = october.usage.quality
    assert quality.queue_wait.p95 == pytest.approx(0.02, rel=0.03)
    assert quality.run_time.p50 == pytest.approx(1.0, rel=0.03)
    assert quality.failure_rate == Share(1, 7)


def test_without_the_right_to_see_money_there_is_none(history: None) -> None:
    assert report(OCTOBER, money=False).business is None


@pytest.mark.parametrize("text", ["", "month", "0d", "9999d", "2026-10-01", "2026-10-02..2026-10-01", "2026-13-01..x"])
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadPeriod):
        parse(text)


def test_a_period_that_ends_before_it_begins_is_told_so() -> None:
    with pytest.raises(BadPeriod, match="has -1"):
        parse("2026-10-02..2026-10-01")


def test_thirty_days_end_with_today() -> None:
    assert parse("30d") == Period(date(2026, 10, 12), date(2026, 11, 11))
    assert parse("30d").previous.end == date(2026, 10, 12)
    assert len(parse("30d").each_day()) == timedelta(days=30).days
