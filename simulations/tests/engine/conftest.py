"""Folders for the FMUs of a test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the test lays out its FMU."""
    path = tmp_path / "fmu"
    path.mkdir()
    return path
