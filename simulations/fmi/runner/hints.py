"""What to do about a failure, read from the FMU's own words: the few causes that engineers meet again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection

_FOREIGN_FILE = re.compile(r"([A-Za-z]:[\\/][^'\"\n:*?<>|]+|/(?:home|Users|mnt|data)/[^'\"\n:,;]+)")
_MAX_NAMED = 5

_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"DYMOLA_RUNTIME_LICENSE", re.IGNORECASE),
        lambda _: (
            "The FMU needs a Dymola runtime licence; export it with Dymola's Binary Model Export option, "
            "whose FMUs need none."
        ),
    ),
    (
        re.compile(r"licen[cs]e", re.IGNORECASE),
        lambda _: (
            "The FMU asks for a licence of its tool, which is not here; export it with the tool's option for "
            "running without a licence."
        ),
    ),
    (
        re.compile(r"EnergyPlus|Energy\+\.idd", re.IGNORECASE),
        lambda _: (
            "The FMU starts EnergyPlus, which is not installed here and would be another process; it cannot run "
            "in this service."
        ),
    ),
    (
        _FOREIGN_FILE,
        lambda found: (
            f"The FMU reads {found[1].strip()}, a file on its author's machine; put the file into the FMU's "
            "resources folder and export it again."
        ),
    ),
)


def hints(said: str, inspection: Inspection, experiment: Experiment) -> Iterator[str]:
    """Sentences for the notes of a failed run. said: the error's message, with the FMU's last words in it."""
    for pattern, advice in _KNOWN:
        if found := pattern.search(said):
            yield advice(found)
            break
    unset = _unset_inputs(inspection, experiment)
    if unset:
        more = f" and {len(unset) - _MAX_NAMED} more" if len(unset) > _MAX_NAMED else ""
        named = ", ".join(unset[:_MAX_NAMED]) + more
        yield f"These inputs were left at their start values: {named}; the model may need others."


def _unset_inputs(inspection: Inspection, experiment: Experiment) -> list[str]:
    given = {*experiment.start_values, *(experiment.inputs or ())}
    return [
        variable.name
        for variable in inspection.variables
        if variable.causality == "input" and variable.name not in given
    ]
