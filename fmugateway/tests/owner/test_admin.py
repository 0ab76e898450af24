"""Support's pages: what they show, what they do, what they refuse, what they write down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, User
from accounts.services import create_token
from billing import ledger, payments
from billing.grants import grant
from billing.models import CashEntry, CreditLot, LotSource, Payment, PaymentStatus
from billing.prices import price_of
from billing.takebacks import take_back
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks
from fmugateway.tests.owner.conftest import text_of
from fmugateway.tests.owner.history import at, run, sale
from simulations.models import AccountLimits, FmuHolding, Simulation, Status
from simulations.services.submit import limits_for
from simulations.visitor import Visitor

REASON = {"reason": "asked by mail"}


@pytest.fixture
def pack(shop: StandIn, webhooks: Webhooks, user: User) -> Payment:
    """Ten runs, paid and delivered."""
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(opened.payment.checkout_session or "")
    webhooks.deliver()
    return Payment.objects.get()


def test_every_page_of_the_admin_opens(owner_client: Client, pack: Payment, user: User) -> None:
    create_token(user, name="one", days=None)
    run(at("2026-10-05 10:00"), user=user)
    for model in admin.site._registry:
        options = model._meta
        address = f"/admin/{options.app_label}/{options.model_name}/"
        assert owner_client.get(address).status_code == 200, address
        if thing := model._default_manager.first():
            assert owner_client.get(f"{address}{thing.pk}/change/").status_code == 200, address


def test_the_list_of_runs_says_how_long_they_took_as_the_pages_do(owner_client: Client, user: User) -> None:
    run(at("2026-10-05 10:00"), user=user, run_seconds=0.020899802999338135)
    page = text_of(owner_client.get("/admin/simulations/simulation/"))
    assert "21 ms" in page
    assert "0.0208" not in page


def test_signing_in_goes_through_the_site_s_own_page(client: Client, user: User) -> None:
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")
    client.force_login(user)
    assert client.get("/admin/login/").status_code == 403


def test_only_the_admin_may_evaluate_scripts(owner_client: Client) -> None:
    assert "'unsafe-eval'" in owner_client.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in owner_client.get("/")["Content-Security-Policy"]


def test_account_page_shows_balance_payments_and_runs(owner_client: Client, pack: Payment, user: User) -> None:
    simulation = run(at("2026-10-05 10:00"), user=user)
    page = text_of(owner_client.get(f"/admin/accounts/user/{user.pk}/change/"))
    assert "<strong>10</strong> to run" in page
    assert pack.public_id in page
    assert simulation.public_id in page


def test_staff_without_the_right_sees_nothing_of_money(staff: Callable[..., Client], user: User) -> None:
    payment = sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=user)
    helper = staff("accounts.view_user", "simulations.view_simulation")
    page = text_of(helper.get(f"/admin/accounts/user/{user.pk}/change/"))
    assert payment.public_id not in page
    assert "to run" not in page
    overview = text_of(helper.get("/admin/"))
    assert "Simulations run" in overview
    for word in ("Paid users", "Cash revenue", "MRR", "Free to paid", "Your first payment", "£"):
        assert word not in overview
    for page in ("billing/payment", "billing/cashentry", "billing/creditlot", "billing/product", "djstripe/invoice"):
        assert helper.get(f"/admin/{page}/").status_code == 403


@pytest.mark.parametrize(
    ("model", "action"),
    [
        ("billing/payment", "refund"),
        ("billing/payment", "look_again"),
        ("accounts/user", "grant_goodwill"),
        ("simulations/simulation", "stop"),
        ("simulations/simulation", "run_again"),
    ],
)
def test_who_may_only_look_may_not_act(staff: Callable[..., Client], user: User, model: str, action: str) -> None:
    payment = sale("pack_10", at("2026-10-02 10:00"), amount=800, fee=32, user=user)
    simulation = run(at("2026-10-05 10:00"), user=user)
    thing = {"billing/payment": payment, "accounts/user": user, "simulations/simulation": simulation}[model]
    looker = staff("billing.view_payment", "accounts.view_user", "simulations.view_simulation")
    assert looker.post(f"/admin/{model}/{thing.pk}/{action}/", REASON | {"runs": 5}).status_code == 403
    assert CreditLot.objects.filter(source=LotSource.GOODWILL).count() == 0


def test_goodwill_is_granted_and_written_down(owner_client: Client, user: User) -> None:
    owner_client.post(f"/admin/accounts/user/{user.pk}/grant_goodwill/", REASON | {"runs": 5})
    assert ledger.available(user) == 5
    entry = LogEntry.objects.get()
    assert (entry.object_id, "asked by mail" in entry.change_message) == (str(user.pk), True)


@pytest.mark.parametrize("answers", [{"runs": 5}, *({"runs": runs, **REASON} for runs in (0, -1, 1001, "many"))])
def test_goodwill_without_reason_or_of_no_runs_is_refused(
    owner_client: Client, user: User, answers: dict[str, object]
) -> None:
    answer = owner_client.post(f"/admin/accounts/user/{user.pk}/grant_goodwill/", answers)
    assert (answer.status_code, ledger.available(user)) == (400, 0)


def test_refund_goes_through_stripe(owner_client: Client, pack: Payment, user: User) -> None:
    owner_client.post(f"/admin/billing/payment/{pack.pk}/refund/", REASON)
    pack.refresh_from_db()
    assert (pack.status, ledger.available(user)) == (PaymentStatus.REFUNDED, 0)
    assert CashEntry.objects.get(kind="refund").amount == -800


def test_second_refund_is_refused(owner_client: Client, pack: Payment) -> None:
    owner_client.post(f"/admin/billing/payment/{pack.pk}/refund/", REASON)
    answer = owner_client.post(f"/admin/billing/payment/{pack.pk}/refund/", REASON)
    assert (answer.status_code, "was refunded already" in text_of(answer)) == (400, True)
    assert CashEntry.objects.filter(kind="refund").count() == 1


def test_refund_of_what_took_no_money_is_refused(owner_client: Client, shop: StandIn, user: User) -> None:
    payment = payments.open_payment(product="pack_10", user=user).payment
    answer = owner_client.post(f"/admin/billing/payment/{payment.pk}/refund/", REASON)
    assert "took no money" in text_of(answer)


def test_refund_while_stripe_is_down_says_so(owner_client: Client, pack: Payment, shop: StandIn) -> None:
    shop.down(requests=20)
    answer = owner_client.post(f"/admin/billing/payment/{pack.pk}/refund/", REASON)
    shop.up()
    assert (answer.status_code, "Stripe says no" in text_of(answer)) == (400, True)
    assert not CashEntry.objects.filter(kind="refund").exists()


def test_fulfil_again_grants_what_a_lost_webhook_left_open(owner_client: Client, shop: StandIn, user: User) -> None:
    payment = payments.open_payment(product="pack_10", user=user).payment
    shop.pay(payment.checkout_session or "")
    for _ in range(2):
        owner_client.post(f"/admin/billing/payment/{payment.pk}/look_again/", REASON)
    assert ledger.available(user) == 10


def test_price_changes_at_stripe_too(owner_client: Client, shop: StandIn, user: User) -> None:
    owner_client.post("/admin/billing/product/pack_10/change_price/", REASON | {"amount": "950"})
    assert price_of("pack_10").amount == 950
    assert payments.open_payment(product="pack_10", user=user).payment.amount == 950


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("0", "sells nothing"),
        ("-5", "sells nothing"),
        ("29", "below GBP 0.30"),
        ("100000000", "above"),
        ("1.5", "whole"),
    ],
)
def test_price_that_stripe_cannot_take_is_refused_with_the_reason(
    owner_client: Client, shop: StandIn, amount: str, why: str
) -> None:
    answer = owner_client.post("/admin/billing/product/single_run/change_price/", REASON | {"amount": amount})
    assert (answer.status_code, why in text_of(answer), price_of("single_run").amount) == (400, True, 100)


def test_price_stays_when_stripe_is_down(owner_client: Client, shop: StandIn) -> None:
    shop.down(requests=20)
    answer = owner_client.post("/admin/billing/product/pack_10/change_price/", REASON | {"amount": "950"})
    shop.up()
    assert (answer.status_code, price_of("pack_10").amount) == (400, 800)


def test_waiting_run_is_cancelled_once(owner_client: Client, user: User) -> None:
    waiting = run(at("2026-10-05 10:00"), user=user, status=Status.QUEUED)
    address = f"/admin/simulations/simulation/{waiting.pk}/stop/"
    assert address in text_of(owner_client.get(f"/admin/simulations/simulation/{waiting.pk}/change/"))
    assert owner_client.post(address, REASON).status_code == 302
    assert address not in text_of(owner_client.get(f"/admin/simulations/simulation/{waiting.pk}/change/"))
    waiting.refresh_from_db()
    assert waiting.status == Status.CANCELED
    assert "has already ended" in text_of(owner_client.post(address, REASON))


def test_run_whose_model_is_gone_cannot_run_again(owner_client: Client, user: User) -> None:
    gone = run(at("2026-10-05 10:00"), user=user)
    answer = owner_client.post(f"/admin/simulations/simulation/{gone.pk}/run_again/", REASON)
    assert (answer.status_code, Simulation.objects.count()) == (400, 1)
    assert "was deleted" in text_of(answer)


def test_limits_agreed_with_one_account_hold_for_its_runs_only(owner_client: Client, user: User, owner: User) -> None:
    agreed = {"wall_seconds": 900, "cpu_seconds": 900, "memory_bytes": 8 << 30, "values": 5000, "note": "until May"}
    owner_client.post("/admin/simulations/accountlimits/add/", {"user": user.pk, **agreed})
    theirs, others = (limits_for(Visitor(user=person), FmuHolding()) for person in (user, owner))
    assert (theirs.wall_seconds, theirs.values, others.wall_seconds) == (900, 5000, 60)


def test_limits_that_no_machine_has_are_refused(owner_client: Client, user: User) -> None:
    asked = {"wall_seconds": 1e9, "cpu_seconds": 0, "memory_bytes": 1 << 60, "values": 5000, "note": "x"}
    answer = owner_client.post("/admin/simulations/accountlimits/add/", {"user": user.pk, **asked})
    assert (answer.status_code, AccountLimits.objects.count()) == (200, 0)


def test_debt_is_forgiven_once(owner_client: Client, user: User) -> None:
    lot = grant(source=LotSource.GOODWILL, quantity=2, reference="x", user=user)
    ledger.hold(reference="sim_a", user=user)
    ledger.capture("sim_a")
    take_back(lot, runs=2, cause="ch_x")
    address = f"/admin/billing/creditlot/{lot.pk}/forgive_debt/"
    owner_client.post(address, REASON)
    assert ledger.balance(user).debt == 0
    assert "owes nothing" in text_of(owner_client.post(address, REASON))


def test_the_list_of_runs_is_shown_without_counting_them_all(owner_client: Client, user: User) -> None:
    newest = [run(at("2026-10-05 10:00"), user=user) for _ in range(101)][-1]
    with CaptureQueriesContext(connection) as asked:
        page = owner_client.get("/admin/simulations/simulation/")
    assert newest.public_id in text_of(page)
    assert not [query for query in asked if 'COUNT(*) AS "__count" FROM "simulations_simulation"' in query["sql"]]
    assert text_of(owner_client.get("/admin/simulations/simulation/?p=2")).count("sim_") > 0


def test_no_secret_is_shown(owner_client: Client, pack: Payment, user: User) -> None:
    _, secret = create_token(user, name="one", days=None)
    simulation = run(at("2026-10-05 10:00"), user=user)
    pages = [
        f"accounts/apitoken/{ApiToken.objects.get().pk}",
        f"simulations/simulation/{simulation.pk}",
        f"billing/payment/{pack.pk}",
    ]
    text = "".join(text_of(owner_client.get(f"/admin/{page}/change/")) for page in pages)
    for hidden in (secret, simulation.share_key, pack.claim_hash):
        assert hidden not in text
    registered = {model._meta.label for model in admin.site._registry}
    keepers = {"djstripe.APIKey", "djstripe.WebhookEndpoint", "mfa.Authenticator", "socialaccount.SocialToken"}
    assert not registered & keepers


def test_staff_cannot_make_themselves_owners(staff: Callable[..., Client], user: User) -> None:
    helper = staff("accounts.view_user", "accounts.change_user")
    helper.post(f"/admin/accounts/user/{user.pk}/change/", {"is_staff": "on", "is_superuser": "on"})
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser) == (False, False)
    colleague = User.objects.get(is_staff=True)
    assert helper.post(f"/admin/accounts/user/{colleague.pk}/change/", {"is_active": ""}).status_code == 403


def test_log_of_what_staff_did_is_read_only(owner_client: Client, user: User) -> None:
    owner_client.post(f"/admin/accounts/user/{user.pk}/grant_goodwill/", REASON | {"runs": 5})
    entry = LogEntry.objects.get()
    assert "asked by mail" in text_of(owner_client.get(f"/admin/admin/logentry/{entry.pk}/change/"))
    assert owner_client.post(f"/admin/admin/logentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
