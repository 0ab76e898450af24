"""An inspection that a subverted reader made up does not get through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from simulations.fmi.cage.soundness import is_sound
from simulations.fmi.cage.text import printable_json
from simulations.fmi.inspection import Inspection
from simulations.tests.hostile.range import SAMPLE, Range


@pytest.fixture(scope="module")
def honest(grounds: Range) -> Mapping[str, Any]:
    return grounds.inspections[grounds.take_in(SAMPLE)].to_json()


def test_honest_inspection_is_sound(honest: Mapping[str, Any]) -> None:
    assert is_sound(Inspection.from_json(honest))


@pytest.mark.parametrize(
    "forged",
    [
        {"model_name": {"__html__": "x"}},
        {"model_name": None},
        {"fmi_version": 2.0},
        {"platforms": [7]},
        {"has_sources": "yes"},
        {"number_of_continuous_states": True},
        {"extra": []},
        {"verdict": {"runs": 1, "summary": "x"}},
        {"verdict": {"runs": True, "summary": "x", "rung": "by magic"}},
        {"findings": [{"level": "loud", "code": "x", "message": "x"}]},
        {"variables": [{"name": ["x"], "type": "Float64", "value_reference": 1, "causality": "output"}]},
        {"variables": [{"name": "x", "type": "Float64", "value_reference": "1", "causality": "output"}]},
    ],
)
def test_forged_inspection_is_not_sound(honest: Mapping[str, Any], forged: dict[str, Any]) -> None:
    assert not is_sound(Inspection.from_json({**honest, **forged}))


def test_texts_of_an_inspection_are_made_fit_for_a_database() -> None:
    assert printable_json({"a\0": ["\x1b[2J", {"b": "\ud800"}, 1, None]}) == {
        r"a\x00": [r"\x1b[2J", {"b": r"\ud800"}, 1, None]
    }
    assert printable_json("a line\r\n\tand another, é") == "a line\r\n\tand another, é"
