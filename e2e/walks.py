"""Steps that several walks take."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from e2e.site import ROOT, Site

PASSWORD = "curves and curves"
CARD = "4242 4242 4242 4242"
_numbers = itertools.count(1)


def sign_up(page: Page, site: Site) -> str:
    """Make an account as a stranger does, through the link in the e-mail; its address."""
    address = f"walker{next(_numbers)}@example.com"
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(address)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page).to_have_url(f"{site.url}/accounts/confirm-email/")
    page.goto(site.last_link_mailed_to(address))
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text(f"{address} is confirmed.")).to_be_visible()
    return address


def become_owner(site: Site, address: str) -> None:
    """Let this account into the admin, with every right."""
    owner = f"User.objects.filter(email='{address}').update(is_staff=True, is_superuser=True)"
    site.manage("shell", "-c", f"from accounts.models import User; {owner}")


def own_fmu(mark: str) -> FilePayload:
    """The bouncing ball as somebody's own file: other bytes than the sample's, the same for the same mark."""
    return _archive("Ball.fmu", {"resources/mark.txt": mark.encode()})


def unwieldy_fmu() -> FilePayload:
    """The bouncing ball with names and descriptions that do not break, three thousand variables, and a finding."""
    name = "Plant.Hydraulics.ActuatorWithProportionalValve." * 5
    signals = "".join(
        f'<ScalarVariable name="{name if at % 500 == 0 else "signal"}[{at}]" valueReference="1" causality="local" '
        f'variability="continuous" description="{"x" * 300}"><Real unit="{"m" if at else "nil"}"/></ScalarVariable>'
        for at in range(2980)
    )
    with zipfile.ZipFile(_ball()) as source:
        text = source.read("modelDescription.xml").decode()
    text = text.replace('modelName="BouncingBall"', f'modelName="{name[:200]}"')
    text = text.replace("</ModelVariables>", f"{signals}</ModelVariables>")
    return _archive("Unwieldy" * 20 + ".fmu", {"modelDescription.xml": text.encode()})


def broken_fmu() -> FilePayload:
    """An archive with everything but a readable model description."""
    return _archive("Broken.fmu", {"modelDescription.xml": b"<fmiModelDescription><ModelVariables>"})


def upload(page: Page, file: FilePayload) -> None:
    """Drop a file where files go, and be led to what is inside."""
    page.locator("input[name=fmu]").set_input_files(file)
    expect(page.locator(".verdict")).to_be_visible()


def run(page: Page) -> None:
    """Press the button that runs the model and see the curve drawn."""
    page.locator("[data-go]").click()
    expect_curve(page)


def expect_curve(page: Page) -> None:
    expect(page.locator(".plot .u-over").first).to_be_visible()


def pay_by_card(page: Page, *, email: str | None = None) -> None:
    """On the stand-in's Checkout."""
    if email:
        page.locator("input[name=email]").fill(email)
    page.locator("input[name=number]").fill(CARD)
    page.locator("input[name=expiry]").fill("12 / 34")
    page.locator("input[name=cvc]").fill("123")
    page.get_by_test_id("hosted-payment-submit-button").click()


def _archive(name: str, changes: dict[str, bytes]) -> FilePayload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(_ball()) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            if item.filename not in changes:
                target.writestr(item, source.read(item))
        for path, content in changes.items():
            target.writestr(zipfile.ZipInfo(path), content)
    return {"name": name, "mimeType": "application/octet-stream", "buffer": buffer.getvalue()}


def _ball() -> Path:
    return ROOT / "simulations" / "samples" / "BouncingBall.fmu"
