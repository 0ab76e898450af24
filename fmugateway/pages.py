"""The public pages: the landing page, the docs, the small print."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from billing import prices
from fmugateway import health, hero
from fmugateway.facts import site_facts
from fmugateway.problem_codes import FILE_PROBLEMS, MODEL_PROBLEMS, PROBLEMS, REQUEST_PROBLEMS, RUN_PROBLEMS

DOCS = ("quickstart", "payments", "errors", "limits", "fmi", "security", "changelog")
PROBLEM_LISTS: dict[str, object] = {
    "request_problems": REQUEST_PROBLEMS.values(),
    "file_problems": FILE_PROBLEMS.values(),
    "model_problems": MODEL_PROBLEMS.values(),
    "run_problems": RUN_PROBLEMS.values(),
}
# RFC 8631: a program that knows only the site's address finds the contract without reading the page.
FOR_PROGRAMS = (
    '</openapi.json>; rel="service-desc"; type="application/json", '
    '</docs/>; rel="service-doc"; type="text/html", '
    '</llms.txt>; rel="service-doc"; type="text/plain"'
)
# What the checks of /readyz are called where people read them.
PARTS = {"database": "Accounts and ledger", "storage": "Models and results", "queue": "Queue", "workers": "The cage"}


@require_safe
@gzip_page
def landing(request: HttpRequest) -> HttpResponse:
    """The first look, with a live model in it."""
    single, pack, pilot = (prices.price_of(key) for key in ("single_run", "pack_10", "pilot_250"))
    context = {
        "models": hero.live_models(),
        "drawing": hero.first_drawing(),
        "live": hero.as_json(),
        "single": single,
        "pack": pack,
        "pilot": pilot,
    }
    response = render(request, "pages/landing.html", context | site_facts())
    response.headers["Link"] = FOR_PROGRAMS
    return response


@require_safe
@gzip_page
def docs(request: HttpRequest, page: str = "index") -> HttpResponse:
    """One page of the documentation."""
    if page not in ("index", *DOCS):
        raise Http404
    return render(request, f"docs/{page}.html", {"page": page} | PROBLEM_LISTS | site_facts())


@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """The page behind the `type` of a problem: what it means and what to do."""
    found = PROBLEMS.get(slug.replace("-", "_"))
    if found is None:
        raise Http404
    return render(request, "docs/problem.html", {"page": "errors", "problem": found})


@require_safe
def small_print(request: HttpRequest, page: str) -> HttpResponse:
    """Terms, privacy, refunds, support: one template each."""
    return render(request, f"pages/{page}.html", site_facts())


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Whether runs work right now, part by part."""
    report = health.report()
    parts = {PARTS.get(name, name): answer.startswith("ok") for name, answer in report["checks"].items()}
    return render(request, "pages/status.html", {"ready": report["ready"], "parts": parts, "now": timezone.now()})


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """The site in one page of plain text, for agents."""
    context = {"single": prices.price_of("single_run")} | PROBLEM_LISTS | site_facts()
    return render(request, "pages/llms.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For those that ask without reading the page; pages name the icon themselves."""
    return redirect(static("img/mark.svg"))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to write to about a hole (RFC 9116, which wants a day on which this is no longer believed)."""
    expires = timezone.now() + timedelta(days=180)
    return render(request, "pages/security.txt", {"expires": expires}, content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: the public pages."""
    return render(request, "pages/robots.txt", content_type="text/plain")
