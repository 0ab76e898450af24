"""Shell blocks of the documents: found, and run in one shell as a reader would who follows them from top to bottom."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from billing.tests.standin.client import StandIn
from e2e.site import ROOT, Site

_PARTS = re.compile(r"^```sh\n(?P<code>.*?)^```|<!-- step: (?P<step>.*?) -->", re.MULTILINE | re.DOTALL)
_PAY = re.compile(r"pay the payment in (\S+)")

# Blocks that need something outside this machine, or would take it over, by how they begin.
NOT_RUN = {
    "make run": "starts the site for good; the site that the tests talk to was started by the same command",
    "make test": "these are its tests",
    "fly ": "needs an account with Fly",
    "docker ": "needs a Docker daemon",
    "cat > .env": "needs a Docker daemon; `make image-check` starts the same compose.yaml where there is one",
    "echo 'STRIPE_SECRET_KEY=": "needs an account with Stripe; billing/tests/test_setup_stripe.py runs setup_stripe",
}


@dataclass(frozen=True)
class Block:
    """Commands of one document; `line` is where they begin."""

    document: str
    line: int
    code: str

    @property
    def why_not(self) -> str:
        """The reason why its commands are not run here; "" for those that are."""
        return next((why for word, why in NOT_RUN.items() if self.code.startswith(word)), "")

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


@dataclass(frozen=True)
class Step:
    """What a person does between the commands, as the document's hidden comment says."""

    text: str


def parts(document: str) -> list[Block | Step]:
    """Blocks and steps of a document, in order."""
    text = (ROOT / document).read_text()
    return [_part(document, text, match) for match in _PARTS.finditer(text)]


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks() -> Iterator[Block]:
    """Every shell block of every document."""
    for path in documents():
        yield from (part for part in parts(str(path.relative_to(ROOT))) if isinstance(part, Block))


def follow(site: Site, document: str, folder: Path, **variables: str) -> None:
    """Run the document's blocks in `folder`, as one shell that stops at the first command that fails."""
    environment = site.environment | {"SITE": site.url} | variables
    for part in parts(document):
        if isinstance(part, Step):
            _act(site, part, folder)
        elif not part.why_not:
            _run(part, folder, environment)


def _part(document: str, text: str, match: re.Match[str]) -> Block | Step:
    if match["step"]:
        return Step(match["step"])
    return Block(document, text.count("\n", 0, match.start()) + 2, match["code"])


def _run(block: Block, folder: Path, environment: dict[str, str]) -> None:
    """Variables live on from block to block, in a file that each block reads first and writes last."""
    code = block.code.replace("http://127.0.0.1:8000", environment["SITE"])
    script = f"set -aeo pipefail\n[ ! -f .state ] || . ./.state\n{code}\nexport -p > .state\n"
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{block} failed:\n{block.code}\n{done.stdout}{done.stderr}"


def _act(site: Site, step: Step, folder: Path) -> None:
    asked = _PAY.fullmatch(step.text)
    assert asked, f"Nobody knows how to {step.text!r}."
    url = json.loads((folder / asked[1]).read_text())["checkout_url"]
    session = re.search(r"cs_\w+", url)
    assert session, url
    assert StandIn(site.standin_url).pay(session[0]) is None
