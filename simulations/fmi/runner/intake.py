"""What is inside an unpacked FMU, and whether it runs here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import etree

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.inspection import DefaultExperiment, Inspection, Interface
from simulations.fmi.limits import IntakeLimits
from simulations.fmi.runner import binaries, definitions, libraries, sources, structure, validation, xml
from simulations.fmi.runner.attributes import number, text
from simulations.fmi.runner.binaries import Found
from simulations.fmi.runner.findings import Findings
from simulations.fmi.runner.interfaces import interfaces
from simulations.fmi.runner.libraries import Dependencies
from simulations.fmi.runner.variables import VariableReader
from simulations.fmi.runner.verdict import Facts, judge

_MAX_DISPLAY_UNITS = 1000


def read(folder: Path, limits: IntakeLimits) -> Inspection:
    """Everything that a person or a program wants to know before a run; reads files only, loads no binary.

    Faults of the XML become findings. Raises IntakeRefused when the model cannot be understood at all.
    """
    findings = Findings()
    root, was_latin = xml.load(folder / "modelDescription.xml", max_bytes=limits.description_bytes)
    if was_latin:
        findings.add(
            "warning",
            "wrong_encoding",
            "modelDescription.xml is not in the encoding that it claims; read as Windows-1252.",
        )
    version = _version(root)
    fmi = int(version[0])
    units = definitions.units(root)
    variables = VariableReader(fmi, definitions.types(root), findings).read(root, max_variables=limits.variables)
    states, state_count, indicator_count = structure.counts(root, fmi, variables)
    validation.validate(folder, root, fmi, len(variables), findings)
    offered = tuple(interfaces(root, fmi)) if fmi in {1, 2, 3} else ()
    _check_identifiers(offered)
    found = tuple(binaries.find(folder, interface.model_identifier, fmi, interface.type) for interface in offered)
    needs = tuple(
        libraries.dependencies(item.path) if item.path and not item.fault else Dependencies() for item in found
    )
    verdict = judge(
        Facts(
            fmi_version=version, tool=text(root.attrib, "generationTool"), interfaces=offered, found=found, needs=needs,
            platforms=binaries.platforms(folder), has_sources=sources.has_any(folder), is_encrypted=_is_encrypted(root),
        )
    )  # fmt: skip
    _tell_repairs(offered, found, needs, findings)
    return Inspection(
        fmi_version=version,
        model_name=text(root.attrib, "modelName") or "unnamed model",
        interfaces=tuple(_located(interface, item, folder) for interface, item in zip(offered, found, strict=True)),
        platforms=binaries.platforms(folder),
        variables=variables,
        default_experiment=_default_experiment(root),
        verdict=verdict,
        instantiation_token=root.get("instantiationToken") or root.get("guid"),
        description=text(root.attrib, "description"),
        author=text(root.attrib, "author"),
        version=text(root.attrib, "version"),
        copyright=text(root.attrib, "copyright"),
        license=text(root.attrib, "license"),
        generation_tool=text(root.attrib, "generationTool"),
        generation_date_and_time=text(root.attrib, "generationDateAndTime"),
        units=tuple(units),
        terminals=structure.terminals(folder, max_bytes=limits.description_bytes),
        continuous_states=states,
        number_of_continuous_states=state_count,
        number_of_event_indicators=indicator_count,
        has_sources=sources.has_any(folder),
        has_documentation=(folder / "documentation").is_dir(),
        findings=findings.all(),
        extra=_extra(units),
    )


def _version(root: etree._Element) -> str:
    version = (root.get("fmiVersion") or "").strip()
    if root.tag != "fmiModelDescription" or not version[:1].isdigit():
        raise IntakeRefused(
            "bad_model_description", "modelDescription.xml is not the description of an FMU: no fmiVersion."
        )
    return version


def _check_identifiers(offered: tuple[Interface, ...]) -> None:
    """The identifier becomes a file name, so it must be a bare one."""
    for interface in offered:
        name = interface.model_identifier
        if not name or not name.replace("_", "").replace("-", "").replace(".", "").isalnum() or name.startswith("."):
            raise IntakeRefused("bad_model_identifier", f"The modelIdentifier {name[:80]!r} is not a bare name.")


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


def _located(interface: Interface, found: Found, folder: Path) -> Interface:
    if found.path is None or found.fault:
        return interface
    return replace(interface, library=found.path.relative_to(folder).as_posix())


def _tell_repairs(
    offered: tuple[Interface, ...], found: tuple[Found, ...], needs: tuple[Dependencies, ...], findings: Findings
) -> None:
    for interface, item, need in zip(offered, found, needs, strict=True):
        if item.renamed and item.path:
            findings.add(
                "info",
                "renamed_binary",
                f"{item.path.name} serves {interface.type}, as there is no {interface.model_identifier}.so.",
            )
        if need.lent:
            named = ", ".join(path.name for path in need.lent)
            findings.add("info", "lent_libraries", f"Lent for {interface.type}: {named}.")


def _extra(units: definitions.DisplayUnits) -> dict[str, object]:
    """display_units: unit > display unit > [factor, offset]."""
    shown = {name: {key: list(pair) for key, pair in display.items()} for name, display in units.items() if display}
    return {"display_units": dict(list(shown.items())[:_MAX_DISPLAY_UNITS])} if shown else {}
