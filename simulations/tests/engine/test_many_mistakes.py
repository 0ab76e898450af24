"""A request full of mistakes costs its reader no more than a few: whoever sends it chose the model's names, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from simulations.fmi import check, nearest
from simulations.fmi.errors import ExperimentInvalid
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.fmi.nearest import Nearest
from simulations.tests.engine.workshop import inspect, make_fmu


@pytest.fixture(scope="module")
def decay(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return inspect(make_fmu(tmp_path_factory.mktemp("decay")))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The products of the lengths of all names that were compared."""
    products: list[int] = []

    def count(name: str, known: Iterable[str], **_: object) -> list[str]:
        products.extend(len(name) * len(other) for other in known)
        return []

    monkeypatch.setattr(nearest, "get_close_matches", count)
    return products


def mistakes(inspection: Inspection, **fields: Any) -> int:
    with pytest.raises(ExperimentInvalid) as invalid:
        check.resolve(inspection, Experiment(**fields), Limits())
    return len(invalid.value.problems)


@pytest.mark.parametrize(
    "fields",
    [
        {"start_values": {f"q{n}": 0 for n in range(10_000)}},
        {"inputs": {"time": [0, 1]} | {f"q{n}": [0, 1] for n in range(10_000)}},
        {"outputs": tuple(f"q{n}" for n in range(10_000))},
    ],
    ids=["start_values", "inputs", "outputs"],
)
def test_the_first_hundred_mistakes_are_named(fields: dict[str, Any], decay: Inspection) -> None:
    assert mistakes(decay, **fields) == check.MOST_PROBLEMS + 1


@pytest.mark.parametrize("letters", [3, 30, 99, 5000])
def test_names_are_compared_within_a_bound(letters: int, compared: list[int], decay: Inspection) -> None:
    """difflib takes milliseconds for two names of a hundred letters that were made for it, a second for thousands."""
    variables = tuple(replace(decay.variables[0], name=f"{n}".zfill(letters)) for n in range(20_000))
    model = replace(decay, variables=variables)
    mistakes(model, start_values={f"{n}".rjust(letters, "q"): 0 for n in range(200)})
    assert sum(compared) <= 2_000_000


def test_a_name_in_other_letters_is_found_without_a_comparison(compared: list[int]) -> None:
    assert Nearest(f"Part{n}" for n in range(100_000)).to("part77777") == "Part77777"
    assert compared == []
