"""A stranger's first minute: the live model, the theme, the page without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.browser import PHONE, watched_page
from e2e.site import Site
from fmugateway import hero

FIRST_CANVAS = "document.querySelector('#live-plot canvas')"


def curve(page: Page) -> str:
    """The pixels of the first panel."""
    page.wait_for_function(FIRST_CANVAS)
    return str(page.evaluate(f"{FIRST_CANVAS}.toDataURL()"))


def first_slider(page: Page) -> None:
    page.locator("[data-sliders] input").first.focus()


def test_a_slider_runs_the_model_and_moves_the_curve(page: Page) -> None:
    page.goto("/")
    before = curve(page)
    first_slider(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-badge]")).to_have_text(re.compile(r"Ran in \d+ ms"))
    page.wait_for_function(f"before => {FIRST_CANVAS}.toDataURL() !== before", arg=before)


def test_the_call_follows_the_slider_in_both_languages(page: Page) -> None:
    page.goto("/")
    first_slider(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#live-curl")).to_contain_text('"k_s": 23000')
    page.get_by_role("tab", name="Python").first.click()
    expect(page.locator("#live-python")).to_contain_text('"k_s": 23000')


def test_another_model_brings_its_own_sliders_and_curves(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Ball", exact=True).click()
    expect(page.locator("#live-plot .legend button")).to_have_text([re.compile("^h"), re.compile("^v")])
    expect(page.get_by_label("e", exact=True)).to_have_value("0.7")
    expect(page.locator("#live-curl")).to_contain_text("sample:BouncingBall")


def test_a_fast_hand_ends_at_its_last_wish(page: Page) -> None:
    """Many moves while runs are in flight: the last answer is for the last setting."""
    page.goto("/")
    first_slider(page)
    with page.expect_response(lambda answer: '"k_s":32000' in (answer.request.post_data or "")):
        for _ in range(10):
            page.keyboard.press("ArrowRight")


def test_rationed_samples_say_when_they_are_back(page: Page) -> None:
    page.route("**/simulate", lambda route: route.fulfill(status=429, headers={"Retry-After": "7"}, body="{}"))
    page.goto("/")
    first_slider(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-badge]")).to_have_text("Back in 7 s")


def test_the_page_stands_without_a_script(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, java_script_enabled=False) as page:
        page.goto("/")
        expect(page.locator("#live-plot path")).to_have_count(3)
        expect(page.locator("#live-curl")).to_be_visible()
        expect(page.locator("#live-python")).to_be_visible()
        expect(page.locator("[data-sliders]")).to_be_hidden()
        expect(page.locator("[data-copy]")).to_be_hidden()
        page.get_by_role("link", name="Run a simulation for £1").first.click()
        assert page.url == f"{site.url}/run/"


def test_a_chosen_theme_is_kept_and_recolours_the_plot(page: Page) -> None:
    page.goto("/")
    light = curve(page)
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(f"light => {FIRST_CANVAS}.toDataURL() !== light", arg=light)
    page.goto("/docs/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_curves_are_told_apart_where_the_reader_chose_few_colours(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, forced_colors="active") as page:
        page.goto("/")
        module = page.locator("link[rel=modulepreload][href*=plot-ink]").get_attribute("href")
        colours = f"import('{module}').then(({{ colour }}) => [1, 2, 3].map((trace) => colour(`--trace-${{trace}}`)))"
        assert len(set(page.evaluate(colours))) == 3


def test_the_focus_is_seen_where_shadows_are_not_drawn(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, forced_colors="active") as page:
        page.goto("/")
        for _ in range(3):
            page.keyboard.press("Tab")
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_menu_of_a_phone_works_by_key(browser: Browser, site: Site) -> None:
    with watched_page(browser, site.url, viewport=PHONE) as page:
        page.goto("/")
        page.get_by_label("Menu").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".menu a", has_text="Docs")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".menu a", has_text="Docs")).to_be_hidden()
        expect(page.locator(".menu summary")).to_be_focused()


def test_keys_move_the_cursor_of_the_plot_and_zoom(page: Page) -> None:
    page.goto("/")
    whole = curve(page)
    page.locator("#live-plot .plot-panels").focus()
    at_the_end = page.locator("#live-plot .legend output").first.text_content() or ""
    for _ in range(16):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#live-plot .legend output").first).not_to_have_text(at_the_end)
    page.keyboard.press("+")
    page.wait_for_function(f"whole => {FIRST_CANVAS}.toDataURL() !== whole", arg=whole)


def test_the_curve_before_any_script_is_what_the_api_answers(page: Page, site: Site) -> None:
    """hero.json is a recording; `scripts/build_hero.py` renews it when a sample changes."""
    model = hero.live_models()[0]
    request = {
        "fmu_id": f"sample:{model.sample}",
        "stop_time": model.stop_time,
        "output_interval": model.output_interval,
        "start_values": {slider.variable: slider.value for slider in model.sliders},
        "outputs": model.outputs,
    }
    answer = page.request.post(f"{site.url}/simulate", data=request).json()
    for name, recorded in hero.first_result()["data"].items():
        assert answer["result"]["data"][name] == pytest.approx(recorded, rel=1e-4, abs=1e-6)
