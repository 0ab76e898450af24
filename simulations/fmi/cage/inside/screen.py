"""The XML of an FMU before anybody builds a tree of it: one pass of expat, which stops at the first forbidden thing.

The DOCTYPE comes before the first element, so no entity is ever declared, let alone expanded.
"""

from __future__ import annotations

import pyexpat
from dataclasses import dataclass, field
from pathlib import Path

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.limits import IntakeLimits

DESCRIPTION = "modelDescription.xml"
_FILES = (DESCRIPTION, "terminalsAndIcons/terminalsAndIcons.xml", "sources/buildDescription.xml")
_DEEPEST = 100
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_SEPARATOR = " "


def screen(folder: Path, limits: IntakeLimits) -> None:
    """Raises IntakeRefused for what is missing, too large, too deep, or carries a DOCTYPE or an XInclude.

    XML that is not well-formed passes: whoever parses it next has the better words for that.
    """
    if not (folder / DESCRIPTION).is_file():
        raise IntakeRefused("no_model_description", _missing(folder))
    for path in (folder / name for name in _FILES if (folder / name).is_file()):
        if path.stat().st_size > limits.description_bytes:
            message = f"{path.name} is larger than {limits.description_bytes >> 20} MiB."
            raise IntakeRefused("model_description_too_large", message)
        _Screening(path.name, limits.variables).run(path)


def _missing(folder: Path) -> str:
    nested = next(folder.glob(f"*/{DESCRIPTION}"), None)
    if nested is not None:
        return f"{DESCRIPTION} lies in the folder {nested.parent.name[:80]!r}; zip what is in it, not the folder."
    return f"There is no {DESCRIPTION} in the archive, so this is not an FMU."


@dataclass(slots=True)
class _Screening:
    """Counts while expat reads. path: the names of the open elements."""

    name: str
    most_variables: int
    variables: int = 0
    path: list[str] = field(default_factory=list)

    def run(self, path: Path) -> None:
        parser = pyexpat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        with path.open("rb") as file:
            try:
                parser.ParseFile(file)
            except (pyexpat.ExpatError, LookupError):  # LookupError: an encoding that does not exist
                return

    def _doctype(self, *_: object) -> None:
        message = f"{self.name} carries a DOCTYPE, which no FMU needs; export the FMU again without it."
        raise IntakeRefused("doctype", message)

    def _start(self, name: str, _: dict[str, str]) -> None:
        if name.startswith(_XINCLUDE + _SEPARATOR):
            raise IntakeRefused("xinclude", f"{self.name} includes other files, which FMI does not allow.")
        self.path.append(name)
        if len(self.path) > _DEEPEST:
            raise IntakeRefused("xml_too_deep", f"{self.name} nests more than {_DEEPEST} elements.")
        if len(self.path) == 3 and self.path[1] == "ModelVariables":
            self._count()

    def _count(self) -> None:
        self.variables += 1
        if self.variables > self.most_variables:
            message = f"The model has more than {self.most_variables:,} variables. Export it with fewer of them."
            raise IntakeRefused("too_many_variables", message)

    def _end(self, _: str) -> None:
        self.path.pop()
