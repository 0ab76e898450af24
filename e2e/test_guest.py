"""Without an account: upload, pay on the stand-in, see the curve, keep it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Route, expect

from e2e import walks
from e2e.browser import watched_page
from e2e.site import Site


def test_a_guest_pays_sees_the_result_and_keeps_it(page: Page, site: Site, browser: Browser) -> None:
    page.goto("/")
    page.get_by_role("link", name="Run a simulation for £1").first.click()
    walks.upload(page, walks.own_fmu("guest"))
    page.locator("[name='start.e']").fill("0.5")
    page.get_by_role("button", name="Pay £1 and run").click()
    walks.pay_by_card(page, email="guest@example.com")
    walks.expect_curve(page)
    expect(page.locator("mark")).to_have_text("0.5")
    link = page.locator("#share-link").inner_text()
    with watched_page(browser, site.url) as somebody:
        somebody.goto(link)
        walks.expect_curve(somebody)
        expect(somebody.get_by_role("button", name="Delete")).to_have_count(0)
    name = page.locator("h1").inner_text()
    walks.sign_up(page, site)
    page.goto("/dashboard/simulations/")
    expect(page.get_by_role("link", name=name.removeprefix("Run "))).to_be_visible()


def test_a_file_chosen_before_the_scripts_arrive_is_sent_all_the_same(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/work*.js", lambda route: held.append(route))
    page.goto("/run/", wait_until="commit")
    page.locator("input[name=fmu]").set_input_files(walks.own_fmu("early"))
    page.wait_for_timeout(200)
    held[0].continue_()
    expect(page.locator(".verdict")).to_be_visible()


def test_a_guest_who_turns_back_at_the_card_finds_the_run_waiting(page: Page, site: Site) -> None:
    page.goto("/run/")
    walks.upload(page, walks.own_fmu("turns back"))
    page.get_by_role("button", name="Pay £1 and run").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Your run is ready. It costs £1.")).to_be_visible()
    page.goto("/run/")
    expect(page.get_by_role("link", name="Pay for run")).to_be_visible()
    page.locator(".runs .what a").click()
    page.get_by_role("button", name="Continue to payment").click()
    walks.pay_by_card(page, email="back@example.com")
    walks.expect_curve(page)


def test_a_guests_failed_run_pays_for_the_next_try(page: Page, site: Site) -> None:
    page.goto("/run/")
    walks.upload(page, walks.own_fmu("guest fails"))
    for name, value in {"start.v": "1e308", "start.h": "1e308", "start.g": "300"}.items():
        page.locator(f"[name='{name}']").fill(value)
    page.get_by_role("button", name="Pay £1 and run").click()
    walks.pay_by_card(page, email="again@example.com")
    expect(page.get_by_text("This run cost nothing.")).to_be_visible()
    page.get_by_role("link", name="Change and run again").click()
    for name, value in {"start.v": "0", "start.h": "1", "start.g": "9.81"}.items():
        page.locator(f"[name='{name}']").fill(value)
    page.get_by_role("button", name="Run, already paid").click()
    walks.expect_curve(page)


def test_a_broken_fmu_is_refused_where_it_was_dropped(page: Page, site: Site) -> None:
    page.goto("/run/")
    page.locator("input[name=fmu]").set_input_files(walks.broken_fmu())
    expect(page.get_by_role("alert")).to_contain_text("modelDescription.xml")
    expect(page.get_by_role("alert")).to_be_focused()
    walks.upload(page, walks.own_fmu("after a broken one"))
    expect(page.get_by_text("Runs here: yes")).to_be_visible()
