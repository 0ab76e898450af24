"""Descriptions broken at random: each is read with findings or refused with a code, and nothing else happens."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from pathlib import Path

import pytest
from lxml import etree

from simulations.fmi import check
from simulations.fmi.errors import ExperimentInvalid, IntakeRefused
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.tests.engine.workshop import SAMPLES, inspect, unpacked_sample

_ODD = (
    "",
    " ",
    "-1",
    "NaN",
    "INF",
    "1e999",
    "true",
    "x" * 300,
    "1 2 3",
    "٣",
    "99999999999999999999999",
    "0.5",
    "../..",
    "\t",
)
_ROUNDS = 60


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.fmu")))
def test_broken_description_is_read_or_refused(name: str, seed: int, folder: Path) -> None:
    unpacked_sample(name, folder)
    shutil.rmtree(folder / "sources")
    path = folder / "modelDescription.xml"
    whole, dice = path.read_bytes(), random.Random(f"{name}{seed}")
    for _ in range(_ROUNDS):
        path.write_bytes(_broken(whole, dice))
        with contextlib.suppress(IntakeRefused):
            inspection = inspect(folder)
            assert Inspection.from_json(json.loads(json.dumps(inspection.to_json(), allow_nan=False))) == inspection
            _resolve(inspection)


def _broken(content: bytes, dice: random.Random) -> bytes:
    """A few attributes changed or gone, a few elements gone, twice or renamed."""
    root = etree.fromstring(content)
    for _ in range(dice.randint(1, 6)):
        element = dice.choice([item for item in root.iter() if isinstance(item.tag, str)])
        parent = element.getparent()
        action = dice.randrange(5)
        if action <= 1 and element.attrib:
            element.set(dice.choice(list(element.attrib)), dice.choice(_ODD))
        elif action == 2 and element.attrib:
            del element.attrib[dice.choice(list(element.attrib))]
        elif action == 3 and parent is not None:
            parent.remove(element)
        else:
            element.tag = dice.choice(["Real", "Float64", "Item", "Unknown", "Dimension", "nonsense"])
    return etree.tostring(root)


def _resolve(inspection: Inspection) -> None:
    """Whatever the defaults are, they make an experiment or a list of what is wrong with them."""
    for solver in (None, "Euler"):
        with contextlib.suppress(ExperimentInvalid):
            check.resolve(inspection, Experiment(solver=solver), Limits())
