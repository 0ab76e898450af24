"""What search engines should know."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from fmugateway.pages import DOCS

NAMES = ("landing", "docs", "support", "terms", "privacy", "refunds", "status")


class PublicPages(Sitemap[str]):
    """The landing page, the docs and the small print."""

    def items(self) -> list[str]:
        return [*map(reverse, NAMES), *(reverse("docs_page", args=[page]) for page in DOCS)]

    def location(self, item: str) -> str:
        return item
