"""Write every page at two widths, light and dark, into var/screenshots, and report what a page complained of.

Without an address it starts a site of its own, signs an engineer up and lets her run a few things first.
With one, `scripts/screenshots.py http://127.0.0.1:8000 / /docs/`, it shoots these pages of that site.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from e2e.browser import launch  # noqa: E402
from e2e.site import Site  # noqa: E402

OUT = ROOT / "var" / "screenshots"
type Scheme = Literal["light", "dark"]
WIDTHS = {390: 844, 1440: 900}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DOCS = ("quickstart", "payments", "errors", "limits", "fmi", "security", "changelog")
PUBLIC = {
    "landing": "/",
    "docs": "/docs/",
    **{f"docs-{page}": f"/docs/{page}/" for page in DOCS},
    "docs-api": "/docs/api",
    "problem": "/problems/timeout",
    "support": "/support",
    "terms": "/terms",
    "privacy": "/privacy",
    "refunds": "/refunds",
    "status": "/status",
    "not-found": "/nothing-here",
    "guest": "/run/",
    "buy-credits": "/buy-credits",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "verify": "/accounts/confirm-email/",
    "password-reset": "/accounts/password/reset/",
    "password-reset-sent": "/accounts/password/reset/done/",
}
SIGNED_IN = {
    "dashboard": "/dashboard/",
    "models": "/dashboard/models/",
    "simulations": "/dashboard/simulations/",
    "credits": "/dashboard/credits/",
    "redeem": "/credits/redeem",
    "tokens": "/dashboard/tokens/",
    "account": "/dashboard/account/",
    "account-delete": "/dashboard/account/delete/",
    "account-email": "/accounts/email/",
    "account-password": "/accounts/password/change/",
    "account-two-step": "/accounts/2fa/",
    "account-connections": "/accounts/3rdparty/",
}
EMAIL, PASSWORD = "maya@example.com", "plot-the-curve-9"


@dataclass(frozen=True)
class Visitor:
    """Somebody's cookies and the pages to look at with them, by the name of the picture."""

    pages: dict[str, str]
    cookies: StorageState | None = None


def main() -> int:
    options = _options()
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if options.site:
            pages = {path.strip("/").replace("/", "-") or "landing": path for path in options.paths} or PUBLIC
            complaints = _shoot(browser, options.site, [Visitor(pages)])
        else:
            complaints = _shoot_own_site(browser)
    print("\n".join(complaints) or f"No page complained. See {OUT.relative_to(ROOT)}.")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", nargs="?", help="the address of a running site")
    parser.add_argument("paths", nargs="*", help="only these of its pages")
    return parser.parse_args()


def _shoot_own_site(browser: Browser) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        # A short limit, so that one run meets it and shows what a failure looks like.
        site = Site.start(Path(folder), RUN_WALL_SECONDS="1.5")
        try:
            cookies = _sign_up(browser, site)
            made = _work(site, site.manage("create_token", EMAIL).splitlines()[-1])
            return _shoot(browser, site.url, [Visitor(PUBLIC), Visitor(SIGNED_IN | made, cookies)])
        finally:
            site.stop()


def _sign_up(browser: Browser, site: Site) -> StorageState:
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        page.goto("/accounts/signup/")
        page.fill("input[name=email]", EMAIL)
        page.fill("input[name=password1]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/confirm-email/")
        page.goto(site.last_link_mailed_to(EMAIL))
        page.click("main button[type=submit]")
        page.wait_for_url("**/dashboard/")
        return context.storage_state()


def _work(site: Site, token: str) -> dict[str, str]:
    """Upload a model, run it twice, let a sample run and another fail; the pages that show it."""
    fmu = _upload(site, token, ROOT / "simulations/samples/BouncingBall.fmu")
    runs = [_run(site, token, fmu_id=fmu, start_values={"e": e}, output_interval=0.004) for e in (0.7, 0.85)]
    _run(site, token, fmu_id="sample:QuarterCar", stop_time=2.5)
    slow = {"stop_time": 2000, "output_interval": 1.0, "start_values": {"mu": 100}, "step_size": 1e-3}
    failed = _run(site, token, fmu_id="sample:VanDerPol", **slow)
    return {
        "model": f"/dashboard/models/{fmu}/",
        "run": f"/dashboard/models/{fmu}/run/",
        "simulation": f"/dashboard/simulations/{runs[1]}/",
        "simulation-failed": f"/dashboard/simulations/{failed}/",
        "compare": f"/dashboard/compare/?ids={','.join(runs)}",
    }


def _run(site: Site, token: str, **body: Any) -> str:
    return str(_ask(site, token, "/simulate", json.dumps(body).encode(), "application/json")["id"])


def _upload(site: Site, token: str, file: Path) -> str:
    head = f'--edge\r\nContent-Disposition: form-data; name="fmu"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + b"\r\n--edge--\r\n"
    return str(_ask(site, token, "/api/v1/fmus", body, "multipart/form-data; boundary=edge")["id"])


def _ask(site: Site, token: str, path: str, body: bytes, content_type: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type, "Prefer": "wait=30"}
    request = urllib.request.Request(site.url + path, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refusal:
        raise RuntimeError(f"{path}: {refusal.read().decode()}") from refusal


def _shoot(browser: Browser, site: str, visitors: list[Visitor]) -> list[str]:
    complaints: list[str] = []
    for visitor, width, scheme in itertools.product(visitors, WIDTHS, SCHEMES):
        with _context(browser, site, visitor, width, scheme) as context:
            for name, path in visitor.pages.items():
                complaints += _take(context.new_page(), path, OUT / f"{name}-{width}-{scheme}.png")
    return complaints


def _context(browser: Browser, site: str, visitor: Visitor, width: int, scheme: Scheme) -> BrowserContext:
    return browser.new_context(
        base_url=site,
        storage_state=visitor.cookies,
        viewport={"width": width, "height": WIDTHS[width]},
        device_scale_factor=2 if width < 500 else 1,
        color_scheme=scheme,
        reduced_motion="reduce",
    )


def _take(page: Page, path: str, file: Path) -> list[str]:
    """One picture. What the console or the policy said, but for the 404 that a missing page is."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "404" not in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path, wait_until="networkidle")
    page.screenshot(path=file, full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        complaints.append("wider than its window")
    page.close()
    return [f"{file.name}: {text}" for text in complaints]


if __name__ == "__main__":
    sys.exit(main())
