"""Write every page at two widths, light and dark, into var/screenshots, and report what a console or a policy said.

It starts nothing: give it the address of a running site. `make screenshots` starts one first.
With an account in SCREENSHOTS_EMAIL and SCREENSHOTS_PASSWORD it sees the pages of somebody signed in, too.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "screenshots"
WIDTHS = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
}
PUBLIC = (
    "/",
    "/docs/",
    *(f"/docs/{page}/" for page in ("quickstart", "payments", "errors", "limits", "fmi", "security", "changelog")),
    "/problems/timeout",
    "/support",
    "/terms",
    "/privacy",
    "/refunds",
    "/status",
    "/nothing-here",
    "/run/",
    "/buy-credits",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
)
SIGNED_IN = (
    "/dashboard/",
    "/dashboard/models/",
    "/dashboard/simulations/",
    "/dashboard/credits/",
    "/dashboard/account/",
    "/dashboard/account/delete/",
    "/dashboard/tokens/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/3rdparty/",
)


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    path: str
    width: int
    scheme: str

    @property
    def file(self) -> Path:
        name = self.path.strip("/").replace("/", "-").replace("?", "-") or "landing"
        return OUT / f"{name}-{self.width}-{self.scheme}.png"


def main() -> int:
    options = _options()
    OUT.mkdir(parents=True, exist_ok=True)
    email, password = os.environ.get("SCREENSHOTS_EMAIL"), os.environ.get("SCREENSHOTS_PASSWORD")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]
        for width, scheme in itertools.product(options.widths, options.schemes):
            with _context(browser, options.site, width, scheme) as context:
                paths = list(options.paths or PUBLIC)
                complaints += _shoot(context, paths, width, scheme)
                if email and password and (not options.paths or options.signed_in):
                    _sign_in(context, email, password)
                    complaints += _shoot(context, options.signed_in or list(SIGNED_IN), width, scheme)
    print("\n".join(complaints) or "No page complained.")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("paths", nargs="*", help="only these pages")
    parser.add_argument("--signed-in", nargs="*", default=[], help="only these pages of somebody signed in")
    parser.add_argument("--widths", type=int, nargs="*", default=list(WIDTHS))
    parser.add_argument("--schemes", nargs="*", default=list(SCHEMES))
    return parser.parse_args()


def _context(browser: Browser, site: str, width: int, scheme: str) -> BrowserContext:
    return browser.new_context(
        base_url=site,
        viewport={"width": width, "height": WIDTHS.get(width, 900)},
        device_scale_factor=2 if width < 500 else 1,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )


def _shoot(context: BrowserContext, paths: list[str], width: int, scheme: str) -> list[str]:
    return [complaint for path in paths for complaint in _take(context.new_page(), Shot(path, width, scheme))]


def _take(page: Page, shot: Shot) -> list[str]:
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(shot.path, wait_until="networkidle")
    page.screenshot(path=shot.file, full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        complaints.append("wider than its window")
    page.close()
    expected = "404" if shot.path == "/nothing-here" else None
    return [f"{shot.file.name}: {text}" for text in complaints if expected is None or expected not in text]


def _sign_in(context: BrowserContext, email: str, password: str) -> None:
    page = context.new_page()
    page.goto("/accounts/login/?next=/dashboard/account/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
