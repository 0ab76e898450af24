"""axe-core in the page: what somebody who cannot see or point would stumble over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(page: Page) -> list[str]:
    """Violations of WCAG 2.2 AA on the page as it is, one line each."""
    # Evaluated, not injected: the policy rightly refuses foreign scripts, and the styles that preloading would insert.
    page.evaluate(SCRIPT.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run({preload: false, runOnly: {type: 'tag', values: rules}}).then(result => result.violations)",
        RULES,
    )
    return [
        f"{page.url} {fault['id']} ({fault['impact']}): {node['target']} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"][:3]
    ]
