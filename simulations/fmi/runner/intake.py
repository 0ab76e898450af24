"""What is inside an unpacked FMU, and whether it runs here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.inspection import DefaultExperiment, Inspection, Interface, Variable
from simulations.fmi.limits import IntakeLimits
from simulations.fmi.runner import binaries, definitions, sources, structure, validation, xml
from simulations.fmi.runner.attributes import number, text
from simulations.fmi.runner.candidates import candidate, tell_repairs
from simulations.fmi.runner.findings import Findings
from simulations.fmi.runner.interfaces import interfaces
from simulations.fmi.runner.variables import VariableReader
from simulations.fmi.runner.verdict import Facts, judge

_MAX_DISPLAY_UNITS = 1000
_MAX_IDENTIFIER = 200


def read(folder: Path, limits: IntakeLimits) -> Inspection:
    """Everything that a person or a program wants to know before a run; reads files only, loads no binary.

    Faults of the XML become findings. Raises IntakeRefused when the model cannot be understood at all.
    """
    findings = Findings()
    root = _root(folder, limits, findings)
    version = _version(root)
    fmi = int(version[0])
    units = definitions.units(root)
    variables = VariableReader(fmi, definitions.types(root), findings).read(root, max_variables=limits.variables)
    _tell_curveless(variables, findings)
    states, state_count, indicator_count = structure.counts(root, fmi, variables)
    validation.validate(folder, root, fmi, len(variables), findings)
    candidates = tuple(candidate(folder, interface, fmi) for interface in _offered(root, fmi))
    tell_repairs(candidates, findings)
    facts = Facts(
        fmi_version=version,
        tool=text(root.attrib, "generationTool"),
        candidates=candidates,
        platforms=binaries.platforms(folder),
        has_sources=sources.has_any(folder),
        is_encrypted=_is_encrypted(root),
        is_scheduled=root.find("ScheduledExecution") is not None,
    )
    return Inspection(
        fmi_version=version,
        model_name=text(root.attrib, "modelName") or "unnamed model",
        interfaces=tuple(item.located(folder) for item in candidates),
        platforms=facts.platforms,
        variables=variables,
        default_experiment=_default_experiment(root),
        verdict=judge(facts),
        instantiation_token=root.get("instantiationToken") or root.get("guid"),
        description=text(root.attrib, "description"),
        author=text(root.attrib, "author"),
        version=text(root.attrib, "version"),
        copyright=text(root.attrib, "copyright"),
        license=text(root.attrib, "license"),
        generation_tool=facts.tool,
        generation_date_and_time=text(root.attrib, "generationDateAndTime"),
        units=tuple(units),
        terminals=structure.terminals(folder, max_bytes=limits.description_bytes),
        continuous_states=states,
        number_of_continuous_states=state_count,
        number_of_event_indicators=indicator_count,
        has_sources=facts.has_sources,
        has_documentation=(folder / "documentation").is_dir(),
        findings=findings.all(),
        extra=_extra(units),
    )


def _root(folder: Path, limits: IntakeLimits, findings: Findings) -> etree._Element:
    root, was_latin = xml.load(folder / "modelDescription.xml", max_bytes=limits.description_bytes)
    if was_latin:
        message = "modelDescription.xml is not in the encoding that it claims; read as Windows-1252."
        findings.add("warning", "wrong_encoding", message)
    return root


def _tell_curveless(variables: Iterable[Variable], findings: Findings) -> None:
    """Outputs that a run does not record by itself."""
    for variable in variables:
        if variable.causality != "output" or variable.has_curve:
            continue
        if variable.is_recordable:
            message = f"'{variable.name}' is a text: a run records it when outputs names it, without a curve."
            findings.add("info", "text_output", message)
        else:
            message = f"'{variable.name}' is a {variable.type}, which a result cannot hold."
            findings.add("info", "not_recordable", message)


def _version(root: etree._Element) -> str:
    version = (root.get("fmiVersion") or "").strip()
    if root.tag != "fmiModelDescription" or not version[:1].isdigit():
        message = "modelDescription.xml is not the description of an FMU: it has no fmiVersion."
        raise IntakeRefused("bad_model_description", message)
    return version


def _offered(root: etree._Element, fmi: int) -> tuple[Interface, ...]:
    """The interfaces. Their identifiers become file names, so they must be bare ones."""
    offered = tuple(interfaces(root, fmi)) if fmi in {1, 2, 3} else ()
    for interface in offered:
        name = interface.model_identifier
        if not 0 < len(name) <= _MAX_IDENTIFIER or name.startswith(".") or any(mark in name for mark in "/\\\0"):
            raise IntakeRefused("bad_model_identifier", f"The modelIdentifier {name[:80]!r} is not a bare name.")
    return offered


def _default_experiment(root: etree._Element) -> DefaultExperiment:
    element = root.find("DefaultExperiment")
    if element is None:
        return DefaultExperiment()
    attributes = element.attrib
    return DefaultExperiment(
        start_time=number(attributes, "startTime"),
        stop_time=number(attributes, "stopTime"),
        tolerance=number(attributes, "tolerance"),
        step_size=number(attributes, "stepSize"),
    )


def _is_encrypted(root: etree._Element) -> bool:
    return any(isinstance(item.tag, str) and item.tag.endswith("}EncryptedData") for item in root.iter())


def _extra(units: definitions.DisplayUnits) -> dict[str, object]:
    """display_units: unit > display unit > [factor, offset]."""
    shown = {name: {key: list(pair) for key, pair in display.items()} for name, display in units.items() if display}
    return {"display_units": dict(list(shown.items())[:_MAX_DISPLAY_UNITS])} if shown else {}
