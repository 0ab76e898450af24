"""Passkeys, with a device that Chromium plays: added, then used instead of the password or after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import walks
from e2e.axe import faults
from e2e.browser import watched_page
from e2e.site import Site

# A fingerprint reader in the laptop, whose owner always touches it.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page with the device. Passkeys belong to a domain, which an address of numbers is not."""
    with watched_page(browser, site.url.replace("127.0.0.1", "localhost")) as opened:
        devices = opened.context.new_cdp_session(opened)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield opened


@pytest.fixture
def address(browser: Browser, site: Site) -> str:
    """An account that has only a password yet."""
    with watched_page(browser, site.url) as opened:
        return walks.sign_up(opened, site)


def sign_in(page: Page, address: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(walks.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, name: str, *, alone: bool) -> None:
    page.wait_for_url("**/dashboard/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(walks.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    assert faults(page) == []
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(re.compile(r"/accounts/2fa/(recovery-codes/|webauthn/$|$)"))


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(page: Page, address: str) -> None:
    sign_in(page, address)
    add_passkey(page, "laptop", alone=True)
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/dashboard/")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("laptop", exact=True)).to_be_visible()
    expect(page.get_by_text("Passkey, added")).to_be_visible()
    assert faults(page) == []


def test_a_security_key_is_the_second_step_after_the_password(page: Page, address: str) -> None:
    sign_in(page, address)
    add_passkey(page, "key ring", alone=False)
    sign_out(page)
    sign_in(page, address)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/dashboard/")


def test_a_removed_passkey_opens_nothing(page: Page, address: str) -> None:
    sign_in(page, address)
    add_passkey(page, "old phone", alone=True)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That code or passkey does not open an account here.")).to_be_visible()
