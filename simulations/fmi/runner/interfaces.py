"""How the FMU can be driven, as its model description says."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from simulations.fmi.experiment import InterfaceType
from simulations.fmi.inspection import Interface
from simulations.fmi.runner.attributes import flag, number

TYPES: tuple[InterfaceType, ...] = ("CoSimulation", "ModelExchange")
_TOOLS_THAT_ARE_HERE = ("pythonfmu",)  # the runner's own Python is the tool that they need


def interfaces(root: etree._Element, fmi: int) -> Iterator[Interface]:
    """Co-Simulation first: it needs no solver of ours."""
    if fmi == 1:
        yield _of_fmi1(root)
        return
    for kind in TYPES:
        element = root.find(kind)
        if element is not None:
            yield _interface(kind, element, fmi)


def _interface(kind: InterfaceType, element: etree._Element, fmi: int) -> Interface:
    attributes = element.attrib
    return Interface(
        type=kind,
        model_identifier=element.get("modelIdentifier") or "",
        needs_execution_tool=flag(attributes, "needsExecutionTool") and not _tool_is_here(element),
        has_event_mode=flag(attributes, "hasEventMode"),
        can_handle_variable_step=flag(attributes, "canHandleVariableCommunicationStepSize"),
        might_return_early=flag(attributes, "mightReturnEarlyFromDoStep"),
        provides_intermediate_update=flag(attributes, "providesIntermediateUpdate"),
        needs_completed_step=kind == "ModelExchange" and _needs_completed_step(element, fmi),
        fixed_step=number(attributes, "fixedInternalStepSize"),
    )


def _tool_is_here(interface: etree._Element) -> bool:
    root = interface.getroottree().getroot()
    return (root.get("generationTool") or "").lower().startswith(_TOOLS_THAT_ARE_HERE)


def _needs_completed_step(element: etree._Element, fmi: int) -> bool:
    """FMI 2 asks whether it may be left out, FMI 3 whether it is needed."""
    if fmi == 2:
        return not flag(element.attrib, "completedIntegratorStepNotNeeded")
    return flag(element.attrib, "needsCompletedIntegratorStep")


def _of_fmi1(root: etree._Element) -> Interface:
    implementation = root.find("Implementation")
    identifier = root.get("modelIdentifier") or ""
    if implementation is None:
        return Interface(type="ModelExchange", model_identifier=identifier, needs_completed_step=True)
    capabilities = implementation.find(".//Capabilities")
    return Interface(
        type="CoSimulation",
        model_identifier=identifier,
        needs_execution_tool=implementation.find("CoSimulation_Tool") is not None,
        can_handle_variable_step=capabilities is not None
        and flag(capabilities.attrib, "canHandleVariableCommunicationStepSize"),
    )
