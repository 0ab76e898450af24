"""Reads a page as a browser would: its title, links, ids, and what a strict policy forbids."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

DATA_SCRIPTS = {"application/json", "application/ld+json"}


@dataclass
class Page:
    """What a test wants to know of a page."""

    title: str = ""
    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    headings: int = 0
    forbidden: list[str] = field(default_factory=list)


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.page.title = " ".join(reader.page.title.split())
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_title = False
        self._in_svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self._in_svg
        self._in_svg += tag == "svg"
        self.page.headings += tag == "h1"
        self.page.ids.add(given.get("id", ""))
        self._note_addresses(tag, given)
        self._note_forbidden(tag, given)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        self._in_svg -= tag == "svg"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data

    def _note_addresses(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.page.links.append(given.get("href", ""))
        elif tag == "form" and given.get("action"):
            self.page.links.append(given["action"])
        elif address := given.get("src") or (tag in {"link", "use"} and given.get("href")):
            self.page.assets.append(str(address))

    def _note_forbidden(self, tag: str, given: dict[str, str]) -> None:
        inline = tag == "script" and "src" not in given and given.get("type") not in DATA_SCRIPTS
        handlers = [name for name in given if name.startswith("on")]
        if inline or tag == "style" or "style" in given or handlers or given.get("href", "").startswith("javascript:"):
            self.page.forbidden.append(f"<{tag} {given}>")
