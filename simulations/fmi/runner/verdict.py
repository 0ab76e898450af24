"""Whether an FMU runs here, on which rung of the ladder; and if not, exactly why and what to do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from simulations.fmi.experiment import InterfaceType
from simulations.fmi.inspection import Rung, Verdict
from simulations.fmi.runner import advice
from simulations.fmi.runner.binaries import HERE, Fault
from simulations.fmi.runner.candidates import Candidate

_NAMES = {"CoSimulation": "Co-Simulation", "ModelExchange": "Model Exchange"}
_HOW: dict[Rung, str] = {
    "native": "native binary",
    "repaired": "repaired binary",
    "legacy_libraries": "native binary with libraries of an older compiler lent by us",
    "compiled": "compiled from its sources",
}
_PLATFORMS = {
    "x86_64-windows": "Windows",
    "x86-windows": "32-bit Windows",
    "x86_64-darwin": "macOS",
    "aarch64-darwin": "macOS",
    "x86-linux": "32-bit Linux",
    "aarch64-linux": "ARM Linux",
}
_FAULTS: dict[Fault, str] = {
    "no_binary": "no_binary",
    "not_x86_64": "wrong_architecture",
    "not_a_shared_library": "not_a_shared_library",
    "no_fmi_functions": "no_fmi_functions",
    "several_binaries": "several_binaries",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the verdict rests on."""

    fmi_version: str
    tool: str | None
    candidates: tuple[Candidate, ...]
    platforms: tuple[str, ...]
    has_sources: bool
    is_encrypted: bool = False
    is_scheduled: bool = False


def judge(facts: Facts) -> Verdict:
    """The first reason against a run, else the first interface that runs."""
    return _unsupported(facts) or _runs(facts) or _compiles(facts) or _refusal(facts)


def refuse(code: str, reason: str, next_step: str) -> Verdict:
    return Verdict(runs=False, summary=f"Runs here: no, {reason}.", code=code, next_step=next_step)


def accept(kind: InterfaceType, rung: Rung) -> Verdict:
    return Verdict(
        runs=True, summary=f"Runs here: yes, as {_NAMES[kind]}, {_HOW[rung]}.", interface_type=kind, rung=rung
    )


def _unsupported(facts: Facts) -> Verdict | None:
    if "-" in facts.fmi_version:
        reason = f"it is written for FMI {facts.fmi_version}, a draft whose functions differ from the standard"
        return refuse("fmi_beta", reason, "Export it with a tool version that writes the final FMI 3.0.")
    if not facts.fmi_version.startswith(("1.0", "2.0", "3.")):
        reason = f"FMI {facts.fmi_version} is not supported"
        return refuse("unsupported_fmi_version", reason, "Export it as FMI 1.0, 2.0 or 3.0.")
    if not facts.candidates:
        only = "Scheduled Execution only" if facts.is_scheduled else "neither Co-Simulation nor Model Exchange"
        reason = f"it offers {only}"
        return refuse("no_interface", reason, "Export it for Co-Simulation or Model Exchange.")
    if facts.is_encrypted:
        reason = "its contents are encrypted"
        return refuse("encrypted", reason, "Export it without encryption or protection by a licence file.")
    if all(item.interface.needs_execution_tool for item in facts.candidates):
        tool = facts.tool or "the tool that wrote it"
        reason = f"it needs {tool} to be installed and running (needsExecutionTool)"
        return refuse("needs_execution_tool", reason, "Export a stand-alone FMU instead of a tool-coupled one.")
    return None


def _runs(facts: Facts) -> Verdict | None:
    item = next((item for item in facts.candidates if item.runs), None)
    return accept(item.interface.type, _rung(item)) if item else None


def _rung(item: Candidate) -> Rung:
    if item.needs.lent:
        return "legacy_libraries"
    return "repaired" if item.found.renamed else "native"


def _compiles(facts: Facts) -> Verdict | None:
    """A promise: the cage compiles next, and the verdict becomes a refusal when that fails."""
    item = next((item for item in facts.candidates if not item.interface.needs_execution_tool), None)
    return accept(item.interface.type, "compiled") if item and facts.has_sources else None


def _refusal(facts: Facts) -> Verdict:
    missing = next((item.needs.missing for item in facts.candidates if item.needs.missing), ())
    if missing:
        named = ", ".join(missing)
        reason = f"its binary needs {named}, which is not installed here"
        return refuse(_missing_code(missing), reason, _missing_advice(facts.tool, missing, named))
    newer = next((item.needs.newer for item in facts.candidates if item.needs.newer), ())
    if newer:
        return _too_new(newer)
    if not facts.platforms:
        return refuse(
            "no_binary", "there is no binary inside, and no sources to compile", advice.linux_export(facts.tool)
        )
    if HERE not in facts.platforms:
        return refuse(
            _only_code(facts.platforms),
            f"only {_only(facts.platforms)} binaries are inside",
            advice.linux_export(facts.tool),
        )
    found = next(item.found for item in facts.candidates if item.found.fault)
    return refuse(
        _FAULTS[found.fault or "no_binary"],
        f"in binaries/linux64 {found.detail or 'is no binary'}",
        advice.linux_export(facts.tool),
    )


def _too_new(newer: tuple[tuple[str, str], ...]) -> Verdict:
    """The binary was built on a newer Linux than this one."""
    named = ", ".join(f"{version} of {library}" for library, version in newer[:3])
    glibc = os.confstr("CS_GNU_LIBC_VERSION")
    reason = f"its binary was built on a newer Linux and needs {named}; here is {glibc}"
    return refuse("newer_library", reason, f"Build it on a Linux with {glibc} or older, or include the C sources.")


def _missing_code(missing: Sequence[str]) -> str:
    return "windows_only" if any(name.lower().endswith(".dll") for name in missing) else "missing_library"


def _missing_advice(tool: str | None, missing: Sequence[str], named: str) -> str:
    if any(name.startswith("libpython") for name in missing):
        return "Export it with a Python that runs here (see the support page), or from a tool that compiles the model."
    return advice.static_export(tool, named)


def _only(platforms: Sequence[str]) -> str:
    return " and ".join(dict.fromkeys(_PLATFORMS.get(platform, platform) for platform in platforms))


def _only_code(platforms: Sequence[str]) -> str:
    kinds = {platform.partition("-")[2] for platform in platforms}
    if kinds == {"windows"}:
        return "windows_only"
    if kinds == {"darwin"}:
        return "macos_only"
    return "wrong_architecture" if kinds == {"linux"} else "no_linux_binary"
