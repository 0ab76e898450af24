"""scripts/check_locks.py, which `make check` runs: each way in which a lock can be wrong is found and named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of requirements/ to spoil."""
    return Path(shutil.copytree(ROOT / "requirements", tmp_path / "requirements"))


def findings(folder: Path, *, of: str = "") -> list[str]:
    """What the check says; `of`: only what names it."""
    command = [sys.executable, str(ROOT / "scripts/check_locks.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return [line for line in done.stdout.splitlines() if of in line] if done.returncode else []


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_our_locks_are_as_they_should_be() -> None:
    assert findings(ROOT / "requirements") == []


@pytest.mark.parametrize(
    "line",
    [
        "idna",
        "idna==3.10",
        "idna>=3.10 --hash=sha256:" + "0" * 64,
        "idna @ file:///tmp/idna.whl",
        "--index-url https://example.com/simple",
        "-e .",
    ],
)
def test_what_is_not_one_version_with_its_hash_is_found(folder: Path, line: str) -> None:
    with (folder / "base.txt").open("a") as file:
        file.write(f"{line}\n")
    assert findings(folder, of="is not one version with its sha256")


def test_a_package_that_was_asked_for_and_never_locked_is_found(folder: Path) -> None:
    with (folder / "base.in").open("a") as file:
        file.write("django-never-locked\n")
    assert findings(folder) == ["base.txt does not hold django-never-locked: run `make lock`."]


def test_a_bound_that_the_lock_breaks_is_found(folder: Path) -> None:
    change(folder / "base.in", "django~=6.1.0", "django<6")
    assert findings(folder) == ["base.txt does not hold django<6: run `make lock`."]


def test_development_that_runs_on_another_version_than_production_is_found(folder: Path) -> None:
    change(folder / "base.txt", "sqlparse==", "sqlparse==9")
    assert findings(folder, of="dev.txt has sqlparse==")


def test_an_environment_that_is_not_the_locked_one_is_found(folder: Path) -> None:
    change(folder / "dev.txt", "ruff==", "ruff==9")
    assert findings(folder, of="installed is")


def test_a_licence_that_nobody_accepted_is_found(folder: Path) -> None:
    """No package of ours has such a one, so one is made up."""
    pretended = folder.parent / "site"
    (pretended / "idna-0.dist-info").mkdir(parents=True)
    (pretended / "idna-0.dist-info/METADATA").write_text(
        "Metadata-Version: 2.4\nName: idna\nVersion: 0\nLicense-Expression: AGPL-3.0-only\n"
    )
    command = [sys.executable, str(ROOT / "scripts/check_locks.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(pretended)})
    assert "idna is under AGPL-3.0-only" in done.stdout
