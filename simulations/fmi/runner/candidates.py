"""How each interface of an FMU would run: the binary that serves it, and the libraries that it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from simulations.fmi.inspection import Interface
from simulations.fmi.runner import binaries, libraries
from simulations.fmi.runner.binaries import Found
from simulations.fmi.runner.findings import Findings
from simulations.fmi.runner.libraries import Dependencies


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One interface with what was found for it."""

    interface: Interface
    found: Found
    needs: Dependencies

    @property
    def runs(self) -> bool:
        return not (self.found.fault or self.needs.missing or self.needs.newer or self.interface.needs_execution_tool)

    def located(self, folder: Path) -> Interface:
        """The interface with the path of its library, relative to the FMU's folder."""
        if self.found.path is None or self.found.fault:
            return self.interface
        return replace(self.interface, library=self.found.path.relative_to(folder).as_posix())


def candidate(folder: Path, interface: Interface, fmi: int) -> Candidate:
    found = binaries.find(folder, interface.model_identifier, fmi, interface.type)
    return Candidate(interface=interface, found=found, needs=_needs(found))


def _needs(found: Found) -> Dependencies:
    if found.path is None or found.fault:
        return Dependencies()
    needs = libraries.dependencies(found.path)
    return replace(needs, newer=libraries.newer_versions(found.path, needs))


def tell_repairs(candidates: Iterable[Candidate], findings: Findings) -> None:
    """What is done to make a binary run that would not run as it is."""
    for item in candidates:
        interface, path = item.interface, item.found.path
        if item.found.renamed and path:
            message = f"{path.name} serves {interface.type}, as there is no {interface.model_identifier}.so."
            findings.add("info", "renamed_binary", message)
        if item.needs.lent:
            named = ", ".join(library.name for library in item.needs.lent)
            findings.add("info", "lent_libraries", f"Lent for {interface.type}: {named}.")
