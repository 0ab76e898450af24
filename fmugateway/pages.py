"""The public pages: the landing page, the docs, the small print."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fmugateway.problem_codes import PROBLEMS

DOCS = ("quickstart", "payments", "errors", "limits", "fmi", "security", "changelog")


def landing(request: HttpRequest) -> HttpResponse:
    """The first look, with a live model in it."""
    return render(request, "pages/landing.html")


def docs(request: HttpRequest, page: str = "index") -> HttpResponse:
    """One page of the documentation."""
    if page not in ("index", *DOCS):
        raise Http404
    return render(request, f"docs/{page}.html")


def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """The page behind the `type` of a problem: what it means and what to do."""
    found = PROBLEMS.get(slug.replace("-", "_"))
    if found is None:
        raise Http404
    return render(request, "docs/problem.html", {"problem": found})


def small_print(request: HttpRequest, page: str) -> HttpResponse:
    """Terms, privacy, refunds, support: one template each."""
    return render(request, f"pages/{page}.html")


def llms(request: HttpRequest) -> HttpResponse:
    """The site in one page of plain text, for agents."""
    return render(request, "pages/llms.txt", content_type="text/plain; charset=utf-8")


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: the public pages."""
    return render(request, "pages/robots.txt", content_type="text/plain")
