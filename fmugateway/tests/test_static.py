from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
VENDORED = json.loads((STATIC / "vendor/vendor.json").read_text())
OURS = {"README.md", "vendor.json"}


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["file"])
def test_vendored_file_is_the_one_that_was_fetched(entry: dict[str, str]) -> None:
    assert hashlib.sha256((STATIC / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["licence"] in {"MIT", "0BSD", "ISC", "OFL-1.1"}


def test_nothing_is_vendored_without_an_entry() -> None:
    known = {entry["file"] for entry in VENDORED} | {f"vendor/{name}" for name in OURS}
    found = {str(path.relative_to(STATIC)) for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir()}
    assert found <= known


def test_the_test_browsers_library_is_the_one_that_was_fetched() -> None:
    folder = Path(settings.BASE_DIR) / "e2e/vendor"
    assert hashlib.sha256((folder / "axe.min.js").read_bytes()).hexdigest() in (folder / "README.md").read_text()


def test_every_package_brings_its_licence() -> None:
    licensed = {entry["from"] for entry in VENDORED if "LICENSE" in entry["file"]}
    assert licensed == {entry["from"] for entry in VENDORED}


def test_stylesheets_take_their_colours_from_the_tokens() -> None:
    """A colour that is no token would be wrong in one of the two themes. A QR code is black on white in both."""
    rules = (STATIC / "site.css").read_text().split("@layer base {")[1] + (STATIC / "plot.css").read_text()
    assert set(re.findall(r":[^;{]*(#[0-9a-f]{3,8})\b", rules)) == {"#fff"}
