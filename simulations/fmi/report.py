"""An inspection and an outcome as lines of text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from simulations.fmi.experiment import Outcome
from simulations.fmi.inspection import DefaultExperiment, Inspection, Variable

_MAX_LISTED = 12
_LISTED = ("input", "output", "parameter", "structuralParameter")
_MAX_FINDINGS = 20


def inspection_lines(inspection: Inspection) -> Iterator[str]:
    """The verdict first, then what is inside."""
    verdict = inspection.verdict
    yield verdict.summary
    if verdict.next_step:
        yield f"Next step: {verdict.next_step} [{verdict.code}]"
    yield f"{inspection.model_name}: {_what(inspection)}"
    if inspection.generation_tool:
        yield f"Made with {inspection.generation_tool}" + _after(", ", inspection.generation_date_and_time)
    yield f"Default experiment: {_experiment(inspection.default_experiment)}"
    yield from _variable_lines(inspection.variables)
    for finding in inspection.findings[:_MAX_FINDINGS]:
        yield f"{finding.level}: {finding.message} [{finding.code}]"
    if len(inspection.findings) > _MAX_FINDINGS:
        yield f"... and {len(inspection.findings) - _MAX_FINDINGS} more findings; --json lists all."


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """How a run ended, what it took, and what was done to make it run."""
    rows = len(outcome.result.data) if outcome.result else 0
    if outcome.error:
        yield f"Ran: no, {outcome.error.message} [{outcome.error.code}]" + (f" after {rows} rows" if rows else "")
    else:
        yield f"Ran: yes, {rows} rows in {outcome.metrics.run_seconds * 1000:.0f} ms"
    yield from outcome.notes
    yield from (f"log: {line}" for line in outcome.log.splitlines()[:_MAX_FINDINGS])


def _what(inspection: Inspection) -> str:
    kinds = " and ".join(interface.type for interface in inspection.interfaces) or "no interface"
    platforms = ", ".join(inspection.platforms) or "none"
    return f"FMI {inspection.fmi_version}, {kinds}; binaries: {platforms}" + (
        "; with sources" if inspection.has_sources else ""
    )


def _experiment(default: DefaultExperiment) -> str:
    if default == DefaultExperiment():
        return "none"
    span = f"{_number(default.start_time, '0')} to {_number(default.stop_time, '?')}"
    return span + _after(", step ", default.step_size) + _after(", tolerance ", default.tolerance)


def _variable_lines(variables: tuple[Variable, ...]) -> Iterator[str]:
    counts = Counter(variable.causality for variable in variables)
    yield f"{len(variables)} variables: " + ", ".join(f"{count} {causality}" for causality, count in counts.items())
    for causality in _LISTED:
        listed = [variable for variable in variables if variable.causality == causality]
        if listed:
            more = f", and {len(listed) - _MAX_LISTED} more" if len(listed) > _MAX_LISTED else ""
            yield f"  {causality}: " + ", ".join(map(_variable, listed[:_MAX_LISTED])) + more


def _variable(variable: Variable) -> str:
    sizes = f"[{'x'.join(map(str, variable.dimensions))}]" if variable.dimensions else ""
    start = variable.start if not isinstance(variable.start, list) else "..."
    return variable.name + sizes + ("" if start is None else f"={start}") + _after(" ", variable.unit)


def _after(before: str, value: object) -> str:
    return "" if value is None else f"{before}{value:g}" if isinstance(value, float) else f"{before}{value}"


def _number(value: float | None, missing: str) -> str:
    return missing if value is None else f"{value:g}"
