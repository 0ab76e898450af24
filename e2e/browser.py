"""Debian's Chromium, and a page that remembers everything that went wrong on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Response, ViewportSize, expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 15_000
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium that talks to nobody but the site."""
    expect.set_options(timeout=PATIENCE_MS)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@dataclass
class Faults:
    """Console errors (CSP violations among them), exceptions and answers of 500 and above."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.seen.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.seen.append(f"{response.status} {response.url}")


@contextmanager
def watched_page(browser: Browser, base_url: str, **context: object) -> Iterator[Page]:
    """A page in a context of its own; fails at the end when anything went wrong on it."""
    options = {"base_url": base_url, "viewport": DESKTOP, "reduced_motion": "reduce"} | context
    with browser.new_context(**options) as opened:  # type: ignore[arg-type]  # options of Playwright, by name
        opened.set_default_timeout(PATIENCE_MS)
        page, faults = opened.new_page(), Faults()
        faults.watch(page)
        opened.on("page", faults.watch)
        yield page
    assert faults.seen == [], "\n".join(faults.seen)
