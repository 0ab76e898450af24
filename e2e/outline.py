"""What a screen reader goes by and axe lets pass: the headings' order, ids, names of what can be scrolled."""

from __future__ import annotations

from playwright.sync_api import Page

_LOOK = """() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)];

  const headings = all("h1, h2, h3, h4").filter((heading) => heading.offsetParent);
  const levels = headings.map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("has not one h1");
  levels.forEach((level, at) => {
    const before = levels[at - 1] ?? 0;
    if (level > before + 1) found.push(`h${level} follows h${before}`);
  });

  const ids = all("[id]").map((element) => element.id);
  ids.forEach((id, at) => { if (ids.indexOf(id) !== at) found.push(`#${id} is there twice`); });
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
    const named = all(`[${name}]`).flatMap((element) => element.getAttribute(name).split(" "));
    for (const id of named) if (!ids.includes(id)) found.push(`${name} points at no #${id}`);
  }

  const regions = all(".scroller[tabindex]:not([role=region]:is([aria-label], [aria-labelledby]))");
  if (regions.length) found.push("a box that scrolls has no name");
  return found;
}"""


def faults(page: Page) -> list[str]:
    """One line a fault of the page as it stands."""
    return [f"{page.url} {fault}" for fault in page.evaluate(_LOOK)]
