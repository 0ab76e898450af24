"""Find the page for a path."""

import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from billing.stripe_standin.app import App
from billing.stripe_standin.guard import is_loopback
from billing.stripe_standin.pages import checkout, desk, invoice, portal
from billing.stripe_standin.pages.answers import PageAnswer, Visit, notice

_ASSETS = Path(__file__).parent / "assets"
_FONTS = Path(__file__).parents[3] / "static" / "fonts"
_PAGES: list[tuple[re.Pattern[str], Callable[..., PageAnswer]]] = [
    (re.compile(r"/"), desk.show),
    (re.compile(r"/c/pay/(\w+)"), checkout.show),
    (re.compile(r"/c/pay/(\w+)/promotion"), checkout.promote),
    (re.compile(r"/p/session/(\w+)"), portal.show),
    (re.compile(r"/i/(\w+)"), invoice.show),
    (re.compile(r"/i/(\w+)/pdf"), invoice.download),
    (re.compile(r"/receipts/(\w+)"), invoice.receipt),
]


def answer(app: App, visit: Visit) -> PageAnswer:
    if visit.path.startswith("/assets/"):
        return _asset(visit.path.removeprefix("/assets/"))
    if visit.origin and not is_loopback(urlsplit(visit.origin).hostname or ""):
        return notice(403, "Not from there", "A form of another website was sent here.", "/", "To the desk")
    for pattern, show in _PAGES:
        if found := pattern.fullmatch(visit.path):
            shown = show(app, visit, *found.groups())
            app.deliveries.wake()
            return shown
    return notice(
        404,
        "There is nothing here",
        "This address belongs to no page of the stand-in.",
        app.backend.site_url,
        "Back to the site",
    )


def _asset(name: str) -> PageAnswer:
    for folder in (_ASSETS, _FONTS):
        file = folder / Path(name).name
        if file.is_file():
            type_ = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return PageAnswer(200, file.read_bytes(), {"Content-Type": type_, "Cache-Control": "max-age=300"})
    return PageAnswer(404, b"", {})
