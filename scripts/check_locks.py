"""What can be said about requirements/ without asking anybody: `python scripts/check_locks.py [FOLDER]`.

Every line pins one version by its hashes; the locks hold what the .in files ask for; what runs in development is what
runs in production; what is installed here is what is locked; the licences of what is shipped are ones that we accept.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SHIPPED, INSTALLED = "base", "dev"
PINNED = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")
# By SPDX name or, in older packages, by trove classifier. LGPL: a library that is loaded, not changed.
ACCEPTED = {
    *("MIT", "MIT-0", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "BSD 3-Clause", "Apache-2.0", "ISC", "Zlib", "CC0-1.0"),
    *("PSF-2.0", "MPL-2.0", "LGPL-3.0-only"),
    *("MIT License", "BSD License", "Apache Software License", "Mozilla Public License 2.0 (MPL 2.0)"),
}
# Read in the package's own licence file: its metadata tells nothing, or something else.
READ = {"fmpy": "BSD-2-Clause", "qrcode": "BSD-3-Clause"}


@dataclass(frozen=True)
class Lock:
    """One requirements file: its lines, continued ones joined, and the version that each package is pinned to."""

    name: str
    lines: list[str]
    pins: dict[str, Requirement]

    @classmethod
    def read(cls, path: Path) -> Lock:
        text = path.read_text().replace("\\\n", " ")
        lines = [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]
        asked = [Requirement(line.partition(" --hash")[0]) for line in lines if PINNED.fullmatch(line)]
        return cls(path.stem, lines, {canonicalize_name(one.name): one for one in asked})


def main(folder: Path) -> int:
    locks = {path.stem: Lock.read(path) for path in sorted(folder.glob("*.txt"))}
    found = [problem for lock in locks.values() for problem in (*unpinned(lock), *missing(lock, folder))]
    found += [*differing(locks[SHIPPED], locks[INSTALLED]), *strange(locks[INSTALLED]), *unlicensed(locks[SHIPPED])]
    print("\n".join(found) or f"{sum(len(lock.pins) for lock in locks.values())} pins are as they should be.")
    return 1 if found else 0


def unpinned(lock: Lock) -> Iterator[str]:
    for line in lock.lines:
        if not PINNED.fullmatch(line):
            yield f"{lock.name}.txt: {line[:80]!r} is not one version with its sha256."


def missing(lock: Lock, folder: Path) -> Iterator[str]:
    """What the .in file asks for and the lock does not give."""
    for line in (folder / f"{lock.name}.in").read_text().splitlines():
        if not line or line.startswith(("#", "-r")):
            continue
        asked = Requirement(line)
        pin = lock.pins.get(canonicalize_name(asked.name))
        if pin is None or not asked.specifier.contains(_version(pin), prereleases=True):
            yield f"{lock.name}.txt does not hold {line}: run `make lock`."


def differing(shipped: Lock, installed: Lock) -> Iterator[str]:
    for name, pin in shipped.pins.items():
        if str(installed.pins.get(name)) != str(pin):
            yield f"{shipped.name}.txt has {pin}, {installed.name}.txt has {installed.pins.get(name)}: run `make lock`."


def strange(lock: Lock) -> Iterator[str]:
    """What this environment has otherwise than locked."""
    for name, pin in lock.pins.items():
        if pin.marker and not pin.marker.evaluate():
            continue
        have = _installed(name)
        if have != _version(pin):
            yield f"{lock.name}.txt has {pin}, installed is {have}: run `make clean`, then `make setup-dev`."


def unlicensed(lock: Lock) -> Iterator[str]:
    for name in lock.pins:
        if _installed(name) and (strange := _licences(name) - ACCEPTED):
            yield f"{name} is under {', '.join(sorted(strange))}: read it, and add it to check_locks.py if it will do."


def _version(pin: Requirement) -> str:
    return str(pin.specifier).removeprefix("==")


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _licences(name: str) -> set[str]:
    if name in READ:
        return {READ[name]}
    facts = importlib.metadata.metadata(name)
    classifiers = [line for line in facts.get_all("Classifier") or [] if line.startswith("License :: ")]
    if classifiers and "License-Expression" not in facts:
        return {line.rpartition(" :: ")[2] for line in classifiers}
    expression = facts.get("License-Expression") or facts.get("License") or "no licence that its metadata tells"
    return set(re.split(r" (?:AND|OR) ", expression.replace("(", "").replace(")", "")))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parent.parent / "requirements"))
