"""A run's page in every state, and what can be done with it."""

from __future__ import annotations

import html
import re

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from billing import ledger
from billing.models import Payment
from simulations.models import FmuHolding, Simulation, Status
from simulations.tests import fmus
from simulations.tests.pages.conftest import CREDITS, run, start

ENDLESS = {"interface_type": "ModelExchange", "solver": "Euler", "step_size": "1e-6", "output_interval": "0.1",
           "stop_time": "90"}  # fmt: skip


def page_of(client: Client, simulation: Simulation) -> str:
    return client.get(f"/dashboard/simulations/{simulation.public_id}/").content.decode()


def test_the_curve_is_there_without_a_script(free: None, browser: Client, model: FmuHolding) -> None:
    page = page_of(browser, run(browser, model))
    paths = re.findall(r'<path data-trace="\d" d="(M[^"]+)"', page)
    assert len(paths) == len(Simulation.objects.get().columns) - 1
    assert all(path.count("L") > 100 for path in paths)
    assert 'aria-label="bounces, resting over time"' in page


def test_a_run_with_an_account_costs_one_credit(
    browser: Client, two_credits: None, model: FmuHolding, user: User
) -> None:
    assert "Run for 1 credit" in browser.get(f"/dashboard/models/{model.public_id}/").content.decode()
    assert "for 1 credit" in page_of(browser, run(browser, model))
    assert ledger.available(user) == CREDITS - 1


def test_a_failed_run_says_that_it_cost_nothing(
    browser: Client, two_credits: None, user: User, ball: FmuHolding
) -> None:
    simulation = failed_run(browser, user)
    page = page_of(browser, simulation)
    assert "This run cost nothing." in page
    assert f"{simulation.error_message}</p><p>The credit" in html.unescape(page)
    assert f"back in your balance: {CREDITS} credits" in page
    assert simulation.error_code in page
    assert "result.csv" not in page


def test_a_failed_run_is_deleted_by_its_owner_only(
    browser: Client, two_credits: None, user: User, ball: FmuHolding
) -> None:
    simulation = failed_run(browser, user)
    Simulation.objects.filter(pk=simulation.pk).update(is_shared=True)
    delete = f"/dashboard/simulations/{simulation.public_id}/delete/"
    assert delete in page_of(browser, simulation)
    assert delete not in Client().get(f"/s/{simulation.share_key}/").content.decode()
    browser.post(delete)
    assert not Simulation.objects.filter(pk=simulation.pk).exists()


def test_what_to_try_speaks_of_what_the_page_shows(
    browser: Client, two_credits: None, user: User, ball: FmuHolding
) -> None:
    simulation = failed_run(browser, user)
    Simulation.objects.filter(pk=simulation.pk).update(error_code="fmu_error")
    page = page_of(browser, simulation)
    assert ">What the model said<" in page
    assert "Read what the model said" in page


def test_a_going_run_is_canceled(free: None, browser: Client, ball: FmuHolding, van_der_pol: FmuHolding) -> None:
    simulation = start(browser, van_der_pol, **ENDLESS)
    assert "Cancel the run" in page_of(browser, simulation)
    browser.post(f"/dashboard/simulations/{simulation.public_id}/cancel/")
    simulation.refresh_from_db()
    assert simulation.status == Status.CANCELED
    assert "Canceled." in page_of(browser, simulation)


def test_htmx_is_told_to_load_the_page_anew_when_the_run_is_over(
    free: None, browser: Client, model: FmuHolding
) -> None:
    simulation = run(browser, model)
    answer = browser.get(f"/dashboard/simulations/{simulation.public_id}/", headers={"HX-Target": "going"})
    assert answer.headers["HX-Refresh"] == "true"


def test_without_a_credit_the_run_is_kept_and_the_prices_are_shown(browser: Client, model: FmuHolding) -> None:
    simulation = start(browser, model, **{"start.e": "0.5"})
    page = page_of(browser, simulation)
    assert simulation.status == Status.AWAITING_PAYMENT
    assert all(words in page for words in ("Your run is ready. It costs £1.", "£8", "80p a run", "0.5"))


def test_htmx_is_told_to_load_the_page_anew_when_a_kept_run_has_started(browser: Client, model: FmuHolding) -> None:
    simulation = start(browser, model)
    address, asked = f"/dashboard/simulations/{simulation.public_id}/", {"HX-Target": "awaiting"}
    waiting = browser.get(address, headers=asked)
    assert (waiting.status_code, "HX-Refresh" in waiting.headers) == (204, False)
    Simulation.objects.filter(pk=simulation.pk).update(status=Status.QUEUED, queued_at=timezone.now())
    assert browser.get(address, headers=asked).headers["HX-Refresh"] == "true"


def test_a_list_leads_to_the_payment_of_a_kept_run(browser: Client, model: FmuHolding) -> None:
    simulation = start(browser, model)
    for listed in ("/dashboard/", "/dashboard/simulations/?status=awaiting_payment"):
        assert (
            f'"/dashboard/simulations/{simulation.public_id}/" aria-label="Pay for run'
            in browser.get(listed).content.decode()
        )


def test_a_kept_run_is_not_paid_for_without_end(browser: Client, model: FmuHolding, settings: Settings) -> None:
    simulation = start(browser, model)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": 0}
    browser.post(f"/dashboard/simulations/{simulation.public_id}/pay/", {"product": "pack_10"})
    assert "too many payments" in page_of(browser, simulation)


def test_a_kept_run_starts_with_a_credit_that_came_later(
    browser: Client, model: FmuHolding, user: User, settings: Settings
) -> None:
    simulation = start(browser, model)
    settings.STRIPE_ENABLED = False
    browser.post(f"/dashboard/simulations/{simulation.public_id}/pay/", {"product": "credit"})
    simulation.refresh_from_db()
    assert simulation.status != Status.AWAITING_PAYMENT


def test_a_guest_keeps_nothing_half_when_stripe_is_away(guest: Client, model: FmuHolding) -> None:
    content = fmus.variant("BouncingBall", extra={"resources/guest.txt": b"g"})
    mine = guest.post("/run/", {"fmu": fmus.upload(content)})["Location"]
    answer = guest.post(f"{mine}run/", {"start.e": "0.66"})
    assert answer.status_code == 503
    assert 'value="0.66"' in answer.content.decode()
    assert not Simulation.objects.exists()


def test_a_run_that_is_over_cannot_be_paid_for(free: None, browser: Client, model: FmuHolding) -> None:
    simulation = run(browser, model)
    browser.post(f"/dashboard/simulations/{simulation.public_id}/pay/", {"product": "pack_10"})
    assert not Payment.objects.exists()


def test_changes_are_marked_against_the_run_before(free: None, browser: Client, model: FmuHolding) -> None:
    before = run(browser, model, **{"start.e": "0.6"})
    page = page_of(browser, run(browser, model, **{"start.e": "0.8"}))
    assert '<span class="was">0.6</span> <mark>0.8</mark>' in page
    assert f'data-before="/dashboard/simulations/{before.public_id}/plot.json"' in page


def test_the_request_is_shown_as_code_that_asks_for_the_same(free: None, browser: Client, model: FmuHolding) -> None:
    page = page_of(browser, run(browser, model, **{"start.e": "0.8"}))
    assert f"&quot;fmu_id&quot;: &quot;{model.public_id}&quot;" in page
    assert "&quot;start_values&quot;: {&quot;e&quot;: 0.8}" in page
    assert "Bearer $FMU_TOKEN" in page


def test_a_large_result_plots_from_few_points_and_zooms_into_all(
    free: None, browser: Client, model: FmuHolding
) -> None:
    simulation = run(browser, model, output_interval="0.0001")
    address = f"/dashboard/simulations/{simulation.public_id}/plot.json"
    whole = browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert len(whole.content) < 60_000
    part = browser.get(address, {"from": "1", "to": "1.02"}).json()
    inside = [time for time in part["data"]["time"] if 1 <= time <= 1.02]
    assert len(inside) >= 200
    assert (simulation.rows or 0) > 40_000


def test_two_runs_are_compared_in_one_plot(free: None, browser: Client, model: FmuHolding) -> None:
    runs = [run(browser, model, **{"start.e": e}) for e in ("0.5", "0.9")]
    page = browser.get("/dashboard/compare/", {"ids": ",".join(run.public_id for run in runs)}).content.decode()
    assert page.count("<path data-trace=") == 2 * (len(runs[0].columns) - 1)
    assert '<td class="number">0.5</td><td class="number">0.9</td>' in page


def test_runs_without_an_output_in_common_lead_to_one_that_has_one(
    free: None, browser: Client, model: FmuHolding
) -> None:
    first, second = (run(browser, model, outputs=name) for name in ("h", "v"))
    assert "data-before" not in page_of(browser, second)
    page = browser.get("/dashboard/compare/", {"ids": f"{first.public_id},{second.public_id}"}).content.decode()
    assert "These runs recorded no output in common." in page
    assert f'<a href="/dashboard/models/{model.public_id}/run/?from={first.public_id}">Run' in page
    assert "data-fit" not in page


def test_runs_of_somebody_else_are_not_compared(free: None, browser: Client, other: Client, model: FmuHolding) -> None:
    runs = [run(browser, model).public_id for _ in range(2)]
    page = other.get("/dashboard/compare/", {"ids": runs}).content.decode()
    assert not any(name in page for name in runs)


def test_the_list_filters_by_state_and_pages(
    free: None,
    browser: Client,
    model: FmuHolding,
    nothing_counted: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    first = run(browser, model)
    copies = [Simulation(**fields_of(first)) for _ in range(30)]
    Simulation.objects.bulk_create(copies)
    with django_assert_max_num_queries(10):
        page = browser.get("/dashboard/simulations/?status=succeeded").content.decode()
    assert page.count('name="ids"') == 25
    older = re.search(r"before=(\d+)", page)
    assert older
    assert browser.get(f"/dashboard/simulations/?before={older[1]}").content.decode().count('name="ids"') == 6
    assert "No run is in this state" in browser.get("/dashboard/simulations/?status=failed").content.decode()


def test_the_first_token_is_made_in_place_and_shown_once(free: None, browser: Client, user: User) -> None:
    page = browser.post("/dashboard/", headers={"HX-Request": "true"}).content.decode()
    secret = re.search(r"fmu_[0-9a-f]{20,}", page)
    assert secret
    assert user.auth_token_set.count() == 1
    assert secret[0] not in browser.get("/dashboard/").content.decode()


def failed_run(browser: Client, user: User) -> Simulation:
    """An FMU whose speed becomes infinite: the run is refused by its own result."""
    content = fmus.variant("BouncingBall", extra={"resources/fails.txt": b"x"})
    answer = browser.post("/run/", {"fmu": fmus.upload(content)})
    fmu = FmuHolding.objects.get(public_id=answer["Location"].split("/")[-2])
    return run(browser, fmu, **{"start.v": "1e308", "start.h": "1e308", "start.g": "300"})


def fields_of(simulation: Simulation) -> dict[str, object]:
    unique = {"id", "public_id", "share_key"}
    return {
        field.attname: getattr(simulation, field.attname)
        for field in Simulation._meta.concrete_fields
        if field.attname not in unique
    }
