"""The maps for whoever looks for something: they name what is there, and all of it."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Folders of more files than one sees at a glance: their docstring says what each is for.
MAPPED = (
    "simulations.services",
    "simulations.views",
    "simulations.fmi",
    "simulations.fmi.cage",
    "simulations.fmi.cage.inside",
    "simulations.fmi.runner",
)
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


def tracked() -> set[str]:
    return set(subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split())


@pytest.mark.parametrize("package", MAPPED)
def test_a_folders_map_names_every_file_of_it(package: str) -> None:
    module = importlib.import_module(package)
    folder = Path(module.__path__[0])
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in folder.glob("*/__init__.py")}
    named = set(re.findall(r"\w+", module.__doc__ or ""))
    assert sorted((files | folders) - named) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_names_only_files_that_are_there(document: str) -> None:
    """Files and folders in code quotes, by their path or by its end; and links to others. `/terms/` is an address."""
    text = (ROOT / document).read_text()
    known = {f"/{path}" for path in tracked()}
    known |= {f"{parent}/" for path in known for parent in Path(path).parents}
    quoted = re.findall(r"`(\w[\w./-]*(?:\.(?:py|md|toml|yaml|c|css|js)|\w/))`", text)
    missing = [path for path in quoted if not any(name.endswith(f"/{path}") for name in known)]
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if not Path(link).is_absolute()]
    missing += [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]
    assert missing == []
