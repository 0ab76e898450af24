from __future__ import annotations

import hashlib
import json
import os
import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from fmugateway.static_files import collect_if_changed

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


def test_files_are_collected_again_when_one_changed_and_not_before(settings: Settings, tmp_path: Path) -> None:
    sheet, collected = tmp_path / "ours" / "a.css", tmp_path / "collected"
    sheet.parent.mkdir()
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = collected, [sheet.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    sheet.write_text("a {}")
    assert [collect_if_changed(), collect_if_changed()] == [True, False]
    sheet.write_text("abc {}")
    # Django takes a file for the same that changed within the second.
    os.utime(sheet, (time.time() + 10,) * 2)
    assert collect_if_changed()
    assert (collected / "a.css").read_text() == "abc {}"
