"""From a stranger to the curve of an own model, with an account."""

from __future__ import annotations

import json
import subprocess

from playwright.sync_api import Page, expect

from e2e import walks
from e2e.site import Site


def test_sign_up_to_the_plotted_result_of_an_own_fmu(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/")
    expect(page.get_by_role("heading", name="Your first curve goes here")).to_be_visible()
    walks.upload(page, walks.own_fmu("account"))
    expect(page.get_by_text("Runs here: yes")).to_be_visible()
    page.locator("[name='start.e']").fill("0.9")
    expect(page.get_by_role("button", name="Run for 1 credit")).to_be_visible()
    walks.run(page)
    expect(page.get_by_text("for 1 credit")).to_be_visible()
    expect(page.locator(".masthead-balance")).to_contain_text("2 credits")


def test_a_run_again_lies_over_the_one_before_and_is_compared(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/models/sample:DCMotor/")
    walks.run(page)
    page.get_by_role("link", name="Run again with changes").click()
    page.locator("[name='start.Kp']").fill("0.5")
    walks.run(page)
    expect(page.locator("mark")).to_have_text("0.5")
    page.get_by_role("link", name="Compare with").click()
    expect(page.locator("#compare-plot .u-over")).to_have_count(3)
    expect(page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Kp"))).to_contain_text("0.5")


def test_runs_are_picked_from_the_list_to_compare(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    for gravity in ("9.81", "1.62"):
        page.goto(f"/dashboard/models/sample:BouncingBall/run/?start.g={gravity}")
        walks.run(page)
    page.goto("/dashboard/simulations/")
    go = page.locator("[data-compare-go]")
    expect(go).to_be_disabled()
    for box in page.locator("input[name=ids]").all():
        box.check()
    expect(go).to_have_text("Compare 2 runs")
    go.click()
    expect(page.locator("#compare-plot .u-over").first).to_be_visible()


def test_a_token_that_arrives_later_is_at_hand_and_can_be_copied(page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    walks.sign_up(page, site)
    page.get_by_role("button", name="Make one").click()
    expect(page.locator("#steps p", has_text="It is shown once")).to_be_focused()
    page.locator("[data-copy='#token']").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#token").text_content()


def test_a_run_is_not_deleted_by_one_click(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/models/sample:BouncingBall/")
    walks.run(page)
    result = page.url
    page.locator("summary", has_text="Delete").click()
    page.goto(result)
    expect(page.locator(".plot .u-over").first).to_be_visible()
    page.locator("summary", has_text="Delete").click()
    page.get_by_role("button", name="Delete run").click()
    page.goto(result)
    expect(page.get_by_role("heading", name="The curve ends here")).to_be_visible()


def test_a_model_is_deleted_with_the_mouse_beside_its_run_form(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/models/")
    walks.upload(page, walks.own_fmu("to be deleted"))
    page.locator(".confirm summary").click()
    page.get_by_role("button", name="Delete BouncingBall").click()
    expect(page.get_by_role("heading", name="No model of yours yet")).to_be_visible()


def test_a_failed_run_gives_the_credit_back_on_screen(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/models/")
    walks.upload(page, walks.own_fmu("fails"))
    for name, value in {"start.v": "1e308", "start.h": "1e308", "start.g": "300"}.items():
        page.locator(f"[name='{name}']").fill(value)
    page.locator("[data-go]").click()
    expect(page.get_by_text("This run cost nothing.")).to_be_visible()
    expect(page.get_by_text("back in your balance: 3 credits")).to_be_visible()
    expect(page.locator(".masthead-balance")).to_contain_text("3 credits")


def test_out_of_credit_the_run_is_kept_and_starts_once_a_pack_is_paid(page: Page, site: Site) -> None:
    address = walks.sign_up(page, site)
    site.manage("shell", "-c", _expire_trial(address))
    page.goto("/dashboard/models/")
    walks.upload(page, walks.own_fmu("out of credit"))
    page.get_by_role("button", name="Run for £1").click()
    expect(page.get_by_role("heading", name="Your run is ready")).to_be_visible()
    page.get_by_text("10 credits", exact=True).click()
    page.get_by_role("button", name="Continue to payment").click()
    walks.pay_by_card(page)
    walks.expect_curve(page)
    expect(page.locator(".masthead-balance")).to_contain_text("9 credits")


def test_a_run_that_waits_for_payment_goes_on_when_it_is_paid_elsewhere(page: Page, site: Site) -> None:
    """In another tab; or the webhook starts it a moment after the page was asked for."""
    address = walks.sign_up(page, site)
    site.manage("shell", "-c", _expire_trial(address))
    page.goto("/dashboard/models/")
    walks.upload(page, walks.own_fmu("paid elsewhere"))
    page.get_by_role("button", name="Run for £1").click()
    expect(page.get_by_role("heading", name="Your run is ready")).to_be_visible()
    site.manage("shell", "-c", _grant_a_run(address))
    walks.expect_curve(page)


def test_a_token_made_in_the_browser_works_with_curl(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    page.goto("/dashboard/")
    page.get_by_role("button", name="Make one").click()
    token = page.locator("#token").inner_text()
    command = ["curl", "--silent", f"{site.url}/simulate", "-H", f"Authorization: Bearer {token}", "--json",
               json.dumps({"fmu_id": "sample:BouncingBall"})]  # fmt: skip
    answer = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)
    assert answer["status"] == "succeeded"
    page.goto("/dashboard/simulations/")
    expect(page.get_by_role("link", name="BouncingBall")).to_be_visible()


def test_a_long_run_shows_its_progress_and_is_canceled(page: Page, site: Site) -> None:
    walks.sign_up(page, site)
    options = "interface_type=ModelExchange&solver=Euler&step_size=1e-6&output_interval=0.1&stop_time=90"
    page.goto(f"/dashboard/models/sample:VanDerPol/run/?{options}")
    page.locator("[data-go]").click()
    expect(page.get_by_text("The solver is at work")).to_be_visible()
    page.get_by_role("button", name="Cancel the run").click()
    expect(page.locator(".verdict")).to_contain_text("Canceled.")


def _expire_trial(address: str) -> str:
    """Code that lets the account's free runs lapse as they do after 30 days."""
    return (
        "from billing.models import CreditLot; from django.utils import timezone; "
        f"CreditLot.objects.filter(user__email='{address}').update(expires_at=timezone.now())"
    )


def _grant_a_run(address: str) -> str:
    return (
        "from accounts.models import User; from billing.grants import grant; from billing.models import LotSource; "
        f"grant(source=LotSource.GOODWILL, quantity=1, reference='e2e', user=User.objects.get(email='{address}'))"
    )
