"""What a page answers: a status, bytes and strict headers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from billing.stripe_standin.pages.html import Html, render

# Browsers hold redirects after a form to form-action, so the site the buyer goes back to must be in it.
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' http://127.0.0.1:* http://localhost:* {back}"
)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


@dataclass(frozen=True)
class Visit:
    method: str
    path: str
    form: dict[str, str]
    origin: str = ""
    """Of the page whose form was sent, as browsers tell."""


@dataclass(frozen=True)
class PageAnswer:
    status: int
    body: bytes
    headers: dict[str, str]


def page(title: str, body: Html, *, status: int = 200, back: str = "") -> PageAnswer:
    """A whole page. `back` is where a form on it may lead."""
    html = render("layout", title=title, body=body)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(back)) if back else ""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _POLICY.format(back=origin).strip(),
        **_SAFE,
    }
    return PageAnswer(status, html.encode(), headers)


def notice(status: int, title: str, text: str, link: str, label: str) -> PageAnswer:
    """A page that says one thing and offers one way on."""
    return page(title, render("notice", title=title, text=text, link=link, label=label), status=status)


def redirect(location: str) -> PageAnswer:
    return PageAnswer(303, b"", {"Location": location, **_SAFE})
