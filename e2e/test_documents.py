"""Every command in the documents is run here, or stands in NOT_RUN with the reason, or is at least one that exists."""

from __future__ import annotations

import re
import shutil
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import get_commands

from billing.card_fees import card_fee, net_per_run
from e2e.documents import blocks, documents, follow
from e2e.site import ROOT, Site

FOLLOWED = ("README.md", "docs/launch/402.md")


def test_the_402_walk_works_from_top_to_bottom(site: Site, tmp_path: Path) -> None:
    follow(site, "docs/launch/402.md", tmp_path)


def test_the_readme_works_from_top_to_bottom(site: Site, tmp_path: Path) -> None:
    shutil.copy(ROOT / "simulations/samples/BouncingBall.fmu", tmp_path / "YourModel.fmu")
    token = site.manage("create_token", "reader@example.com").splitlines()[-1]
    follow(site, "README.md", tmp_path, FMU_TOKEN=token)


def test_no_block_of_commands_is_left_out() -> None:
    left = [str(block) for block in blocks() if block.document not in FOLLOWED and not block.why_not]
    assert left == []


def test_every_manage_command_in_the_documents_exists() -> None:
    named = set(chain.from_iterable(re.findall(r"manage\.py ([a-z_]+)", path.read_text()) for path in documents()))
    assert named - set(get_commands()) == set()


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    targets |= set(" ".join(re.findall(r"^([a-z -]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)).split())
    named = set(chain.from_iterable(re.findall(r"`make ([a-z-]+)", path.read_text()) for path in documents()))
    assert named - targets == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in documents():
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


@pytest.mark.parametrize(
    ("key", "amount", "runs"), [("single_run", 100, 1), ("pack_10", 800, 10), ("pilot_250", 10_000, 250)]
)
def test_the_pricing_table_is_right(key: str, amount: int, runs: int) -> None:
    (row,) = [line for line in (ROOT / "docs/pricing.md").read_text().splitlines() if line.startswith(f"| `{key}`")]
    fee, kept, each = (cell.replace(",", "").replace("*", "").strip() for cell in row.split("|")[5:8])
    assert float(fee.removesuffix("p")) == card_fee(amount)
    assert float(kept.removesuffix("p")) == amount - card_fee(amount)
    assert float(each.split("p")[0]) == pytest.approx(float(net_per_run(amount, runs)), abs=0.05)
