"""Every page: nobody stumbles (axe), nothing is blocked (CSP), nothing is wider than its window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from e2e import outline, walks
from e2e.axe import faults
from e2e.browser import DESKTOP, PHONE, watched_page
from e2e.site import Site
from simulations.views.drawing import labelled, roomy

PUBLIC = ("/", "/run/", "/buy-credits", "/docs/", "/docs/quickstart/", "/docs/payments/", "/docs/errors/",
          "/docs/limits/", "/docs/fmi/", "/docs/api", "/terms", "/privacy", "/support", "/status",
          "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing-here",
          "/dashboard/models/sample:RoomHeating/", "/dashboard/models/sample:DCMotor/run/",
          "/dashboard/compare/")  # fmt: skip
SIGNED_IN = ("/dashboard/", "/dashboard/models/", "/dashboard/simulations/", "/dashboard/compare/",
             "/dashboard/credits/", "/credits/redeem", "/dashboard/tokens/", "/dashboard/account/",
             "/accounts/email/", "/accounts/2fa/")  # fmt: skip


def check(page: Page, path: str) -> list[str]:
    page.goto(path)
    found = faults(page)
    if not path.startswith("/admin/"):
        found += outline.faults(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path} is wider than its window")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_fault(browser: Browser, site: Site, scheme: str) -> None:
    viewport = PHONE if scheme == "dark" else {"width": 1440, "height": 900}
    with watched_page(browser, site.url, color_scheme=scheme, viewport=viewport) as page:
        assert [fault for path in PUBLIC for fault in check(page, path)] == []


def test_nothing_is_cut_where_a_page_is_enlarged_four_times(browser: Browser, site: Site) -> None:
    """A window of 1280 px at 400 %, as WCAG 1.4.10 asks: 320 px."""
    with watched_page(browser, site.url, viewport={"width": 320, "height": 640}) as page:
        found = []
        for path in ("/", "/run/", "/status", "/docs/api", "/dashboard/models/sample:BatteryCell/"):
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > 320"):
                found.append(path)
        assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_an_account_have_no_fault(browser: Browser, site: Site, scheme: str) -> None:
    viewport = PHONE if scheme == "dark" else {"width": 1440, "height": 900}
    with watched_page(browser, site.url, color_scheme=scheme, viewport=viewport) as page:
        walks.sign_up(page, site)
        empty = [fault for path in SIGNED_IN for fault in check(page, path)]
        page.goto("/dashboard/models/sample:BouncingBall/run/?stop_time=-1")
        page.locator("[data-go]").click()
        expect(page.locator(".error").first).to_be_visible()
        refused = faults(page)
        page.goto("/dashboard/models/sample:DCMotor/")
        walks.run(page)
        result = faults(page)
        full = [fault for path in SIGNED_IN[:4] for fault in check(page, path)]
        assert empty + refused + result + full == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_owner_s_pages_have_no_fault(browser: Browser, site: Site, scheme: str) -> None:
    viewport = PHONE if scheme == "dark" else {"width": 1440, "height": 900}
    with watched_page(browser, site.url, color_scheme=scheme, viewport=viewport) as page:
        walks.become_owner(site, walks.sign_up(page, site))
        page.goto("/dashboard/models/")
        walks.upload(page, walks.own_fmu(f"owner {scheme}"))
        walks.run(page)
        overview = [fault for period in ("7d", "365d") for fault in check(page, f"/admin/?period={period}")]
        page.goto("/admin/simulations/simulation/")
        page.get_by_role("link", name="sim_").first.click()
        page.goto(page.locator("a[href$='/run_again/']").first.get_attribute("href") or "")
        expect(page.get_by_text("Kept in the log of what staff did.")).to_be_visible()
        assert overview + faults(page) == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_of_any_length_and_thousands_of_variables_fit(
    browser: Browser, site: Site, viewport: ViewportSize
) -> None:
    with watched_page(browser, site.url, viewport=viewport) as page:
        walks.sign_up(page, site)
        page.goto("/dashboard/models/")
        walks.upload(page, walks.unwieldy_fmu())
        model = page.url
        walks.run(page)
        result = page.url
        again = "/dashboard/models/", f"{model}run/", "/dashboard/", "/dashboard/simulations/", "/dashboard/compare/"
        assert [fault for path in (model, result, *again) for fault in check(page, path)] == []


def test_a_token_with_the_longest_name_is_revoked_on_a_phone(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, viewport=PHONE) as page:
        walks.sign_up(page, site)
        page.goto("/dashboard/tokens/")
        page.locator("input[name=name]").fill("n" * 100)
        page.get_by_role("button", name="Make a token").click()
        revoke = page.get_by_role("button", name="Revoke").bounding_box()
        assert revoke is not None
        assert revoke["x"] + revoke["width"] <= PHONE["width"]


def test_a_model_s_name_has_a_phone_s_whole_row(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, viewport=PHONE) as page:
        walks.sign_up(page, site)
        page.goto("/dashboard/models/")
        walks.upload(page, walks.own_fmu("narrow"))
        page.goto("/dashboard/models/")
        name, row = (page.locator(f".models tbody {part}").bounding_box() for part in ("th", "tr"))
        assert name is not None
        assert row is not None
        assert name["width"] > 0.85 * row["width"]


def test_a_time_typed_right_after_another_is_kept(page: Page) -> None:
    page.goto("/dashboard/models/sample:BouncingBall/run/")
    page.get_by_label("Stop time").fill("7")
    page.get_by_label("Output every").fill("0.25")
    walks.run(page)
    expect(page.get_by_text("0 to 7 s, every 0.25 s")).to_be_visible()


def test_enter_runs_a_model_of_many_variables_and_in_a_search_it_only_finds(page: Page) -> None:
    """The form holds more buttons than the one in sight; none of them is pressed instead, none by a search."""
    page.goto("/dashboard/models/sample:DCMotor/")
    page.get_by_label("Search the start values").fill("Kp")
    page.get_by_label("Search the start values").press("Enter")
    expect(page.locator("#start_values [data-field]")).to_have_count(1)
    assert page.url.endswith("/sample:DCMotor/")
    page.get_by_label("Stop time").fill("1.5")
    page.get_by_label("Stop time").press("Enter")
    walks.expect_curve(page)


def test_upload_leads_to_the_place_for_files_on_a_phone_too(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, viewport=PHONE) as page:
        walks.sign_up(page, site)
        page.locator(".masthead").get_by_role("link", name="Upload").click()
        expect(page).to_have_url(re.compile("/dashboard/models/"))
        expect(page.locator(".drop")).to_be_in_viewport()


def test_a_file_dropped_beside_its_place_does_not_replace_the_page(page: Page) -> None:
    page.goto("/run/")
    dropped = """() => {
        const files = new DataTransfer();
        files.items.add(new File(["x"], "model.fmu"));
        const drop = new DragEvent("drop", { dataTransfer: files, cancelable: true, bubbles: true });
        document.body.dispatchEvent(drop);
        return drop.defaultPrevented;
    }"""
    assert page.evaluate(dropped)


def test_a_long_table_takes_away_the_drawing_of_the_one_before(page: Page) -> None:
    page.goto("/dashboard/models/sample:DCMotor/run/")
    expect(page.locator("#inputs")).to_contain_text("4 samples, they fit the model.")
    rows = "".join(f"{at / 20_000:.6f},300\n" for at in range(20_000))
    table = f"time,w_ref\n{rows}".encode()
    page.locator("[data-inputs-file]").set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": table})
    expect(page.locator("#inputs")).to_be_empty()


def test_a_refused_form_takes_the_keyboard_to_what_is_wrong(page: Page) -> None:
    page.goto("/dashboard/models/sample:BouncingBall/run/?stop_time=-1")
    page.locator("[data-go]").click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_script_labels_an_axis_as_the_server_does(page: Page) -> None:
    page.goto("/")
    module = page.locator("link[rel=modulepreload][href*=plot-text]").get_attribute("href")
    labels = f"async (ticks) => (await import('{module}')).tickLabels(ticks)"
    for ticks in ([0, 1e-6, 2e-6], [-2e-5, 0, 2e-5], [0, 20_000, 40_000], [0, 1e7, 2e7], [40_000, 40_000.25]):
        assert page.evaluate(labels, ticks) == [label for _, label in labelled(ticks)]


def test_the_script_ends_an_axis_where_the_server_does(page: Page) -> None:
    page.goto("/")
    module = page.locator("link[rel=modulepreload][href*=plot-data]").get_attribute("href")
    ends = f"async ([low, high]) => (await import('{module}')).roomy(low, high)"
    for low, high in ([0, 0], [0, 1], [50, 50], [-3, -3], [-2e-5, 4], [-1e308, 1e308]):
        assert page.evaluate(ends, [low, high]) == list(roomy(low, high))


def test_a_keyboard_is_enough_from_the_form_to_the_cursor_in_the_plot(page: Page, site: Site) -> None:
    page.goto("/dashboard/models/sample:BouncingBall/run/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-go]')"):
            break
    page.keyboard.press("Enter")
    walks.expect_curve(page)
    page.locator(".plot-panels").focus()
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text("t = 4 s")
    page.keyboard.press("ArrowRight")
    expect(clock).to_have_text(re.compile(r"t = 0"))
    page.keyboard.press("+")
    page.keyboard.press("0")


def test_without_a_script_a_sample_runs_and_its_curve_is_drawn(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, java_script_enabled=False) as page:
        page.goto("/dashboard/models/sample:BouncingBall/")
        page.locator("[name='start.e']").fill("0.5")
        page.get_by_role("button", name="Run free").click()
        expect(page.locator(".traced path").first).to_be_visible()
        expect(page.locator("mark")).to_have_text("0.5")


def test_the_theme_button_turns_a_page_dark_and_it_stays(page: Page, site: Site) -> None:
    page.goto("/dashboard/models/sample:BouncingBall/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    page.goto("/run/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
