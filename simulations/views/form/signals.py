"""Input signals of a form: a CSV file or a CSV text, and what can be seen of it before the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulations.errors import DoesNotFit
from simulations.fmi import csv_inputs
from simulations.fmi.errors import ExperimentInvalid

# A text of this length still fits comfortably into a page; a larger file has to be chosen again.
SHOWN_CHARACTERS = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """text: the CSV. file_name: of the file that it came from, if it did."""

    text: str = ""
    file_name: str = ""

    @property
    def shown(self) -> str:
        return self.text if len(self.text) <= SHOWN_CHARACTERS else ""

    @property
    def is_missing(self) -> bool:
        """Whether the page cannot carry it on, so that the form as it stands would run without it."""
        return bool(self.text) and not self.shown

    def table(self) -> csv_inputs.Table | None:
        """None without signals. Raises DoesNotFit."""
        if not self.text.strip():
            return None
        try:
            return csv_inputs.parse(self.text)
        except ExperimentInvalid as error:
            raise DoesNotFit.of(error) from error


def as_csv(table: dict[str, Any] | None) -> str:
    """A table of samples as the text that `Inputs.table` reads back."""
    if not table:
        return ""
    rows = zip(*table.values(), strict=True)
    lines = [",".join(table), *(",".join(map(_cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def read(posted_text: str, file: Any) -> Inputs:
    """From a form: the file wins over the text. Raises DoesNotFit."""
    if file is None:
        return Inputs(text=posted_text)
    try:
        return Inputs(text=csv_inputs.decode(file.read()), file_name=file.name or "")
    except ExperimentInvalid as error:
        raise DoesNotFit.of(error) from error


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0")
