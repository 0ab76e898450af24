"""Draw static/img/preview.png, what a chat or a social network shows of the landing page, from the page itself.

`make run` in one window, `python scripts/build_preview.py [address]` in another, commit what changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PREVIEW = Path(__file__).resolve().parent.parent / "static" / "img" / "preview.png"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ONLY_THE_HERO = """
  .masthead, .footer, .section, .closing, .live header, .live .code, .live .sliders, .hero .row, .hero p.quiet {
    display: none !important;
  }
  body { display: block; }
  .hero { height: 630px; border: 0; }
  .hero .wrap { height: 630px; padding-block: 0; grid-template-columns: 1fr 1fr; gap: 40px; }
  .hero h1 { font-size: 66px; }
"""


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(
            viewport={"width": 1200, "height": 630}, color_scheme="light", bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(site, wait_until="networkidle")
        page.add_style_tag(content=ONLY_THE_HERO)
        page.evaluate("document.fonts.ready")
        page.wait_for_function("document.querySelector('.plot-panels canvas')")
        page.screenshot(path=PREVIEW)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
