"""Faults of the model description against the standard. They are told and never stop a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import fmpy
from fmpy.validation import validate_model_description
from lxml import etree

from simulations.fmi.runner.findings import Findings

_SCHEMAS = {1: "fmi1/fmiModelDescription.xsd", 2: "fmi2/fmi2ModelDescription.xsd", 3: "fmi3/fmi3ModelDescription.xsd"}
_MAX_FOR_RULES = 20_000  # FMPy's rules take about 0.1 ms a variable


def validate(folder: Path, root: etree._Element, fmi: int, variable_count: int, findings: Findings) -> None:
    """The XML schema first; then the rules that no schema can say, where the model is not huge."""
    if fmi not in _SCHEMAS:
        return
    checker = schema(fmi)
    if not checker.validate(root):
        for entry in checker.error_log:
            findings.add("warning", "xml_schema", f"Line {entry.line}: {entry.message}")
    if variable_count <= _MAX_FOR_RULES:
        for problem in _broken_rules(folder):
            findings.add("warning", "xml_rule", problem)


@cache
def schema(fmi: int) -> Any:
    """The standard's own schema, as FMPy ships it."""
    return etree.XMLSchema(file=str(Path(fmpy.__file__).parent / "schema" / _SCHEMAS[fmi]))


def _broken_rules(folder: Path) -> list[str]:
    try:
        description = fmpy.read_model_description(folder, validate=False)
        return [str(problem) for problem in validate_model_description(description, validate_model_structure=True)]
    except Exception as error:  # noqa: BLE001  FMPy raises whatever a broken file makes it stumble over
        return [f"FMPy cannot read it: {error}"]
