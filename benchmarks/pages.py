"""What pages weigh and how fast plots are: bytes on the wire, a slider to its curve, a pan over a million rows.

Starts the site itself: python -m benchmarks.pages
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

from e2e.browser import launch, watched_page
from e2e.site import Site

# The Van der Pol oscillator with its own solver: 20 s at 20 us are a million rows of three columns.
MILLION = "/dashboard/models/sample:VanDerPol/run/?stop_time=20&output_interval=0.00002"
SLIDES = 20
FRAMES = 120
BUDGETS = {"landing page": (150_000, "bytes"), "first contentful paint": (1000, "ms"), "slider to curve": (200, "ms"),
           "a million rows": (60_000, "bytes"), "frames while panning": (60, "a second")}  # fmt: skip

FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
PAN = """frames => new Promise(done => {
  const plot = document.querySelector('.plot-panels'), began = performance.now();
  plot.focus();
  const press = key => plot.dispatchEvent(
    new KeyboardEvent('keydown', {key, shiftKey: key.startsWith('Arrow'), bubbles: true}));
  for (let n = 0; n < 5; n++) press('+');
  let drawn = 0;
  const step = () => {
    if (drawn === frames) return done(frames / (performance.now() - began) * 1000);
    press(drawn++ % 40 < 20 ? 'ArrowRight' : 'ArrowLeft');
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site.start(Path(folder))
        browser = launch(playwright)
        try:
            with watched_page(browser, site.url) as page:
                _report("landing page", _weight(page, "/"))
                _report("first contentful paint", page.evaluate(FIRST_PAINT))
                _report("slider to curve", _slider(page))
            with watched_page(browser, site.url) as page:
                _report("a million rows", _million(page))
                page.locator(".plot .u-over").first.wait_for()
                _report("frames while panning", page.evaluate(PAN, FRAMES))
        finally:
            browser.close()
            site.stop()


def _report(what: str, measured: float) -> None:
    budget, unit = BUDGETS[what]
    print(f"{what:24} {measured:10.0f} {unit}, budget {budget}")


def _weight(page: Page, path: str) -> int:
    """Bytes on the wire, headers left out."""
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))
    page.goto(path, wait_until="networkidle")
    return sum(response.request.sizes()["responseBodySize"] for response in seen)


def _slider(page: Page) -> float:
    """Median ms from moving the first slider to its answer."""
    taken: list[float] = []
    slider = page.locator("[data-sliders] input").first
    for _ in range(SLIDES):
        began = page.evaluate("performance.now()")
        with page.expect_response("**/simulate"):
            slider.press("ArrowRight")
        taken.append(page.evaluate("performance.now()") - began)
    return statistics.median(taken)


def _million(page: Page) -> int:
    """Bytes of the data that the plot of a million rows is drawn from."""
    page.goto(MILLION)
    with page.expect_response("**/plot.json", timeout=120_000) as answer:
        page.locator("[data-go]").click()
    return answer.value.request.sizes()["responseBodySize"]


if __name__ == "__main__":
    main()
