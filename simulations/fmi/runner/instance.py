"""One living instance of an FMU: its libraries opened, its functions bound, its logger ours."""

from __future__ import annotations

from ctypes import byref
from pathlib import Path
from typing import Any

from fmpy import calloc, free
from fmpy.fmi1 import (
    fmi1CallbackAllocateMemoryTYPE,
    fmi1CallbackFreeMemoryTYPE,
    fmi1CallbackFunctions,
    fmi1CallbackLoggerTYPE,
)
from fmpy.fmi2 import (
    fmi2CallbackAllocateMemoryTYPE,
    fmi2CallbackFreeMemoryTYPE,
    fmi2CallbackFunctions,
    fmi2CallbackLoggerTYPE,
)
from fmpy.logging import addLoggerProxy

from simulations.fmi.errors import FMURefused
from simulations.fmi.inspection import Inspection, Interface
from simulations.fmi.runner import libraries
from simulations.fmi.runner.binding import BINDINGS
from simulations.fmi.runner.log import Log

_CALLBACKS = {
    1: (fmi1CallbackFunctions, fmi1CallbackLoggerTYPE, fmi1CallbackAllocateMemoryTYPE, fmi1CallbackFreeMemoryTYPE),
    2: (fmi2CallbackFunctions, fmi2CallbackLoggerTYPE, fmi2CallbackAllocateMemoryTYPE, fmi2CallbackFreeMemoryTYPE),
}


def instantiate(folder: Path, inspection: Inspection, interface: Interface, log: Log, *, event_mode: bool) -> Any:
    """FMPy's object for a fresh instance. Raises FMURefused when a library is missing or the FMU says no."""
    fmu = _bind(folder, inspection, interface)
    try:
        fmu.instantiate(**_arguments(int(inspection.fmi_version[0]), interface, log, event_mode=event_mode))
    except FMURefused:
        raise
    except Exception:  # noqa: BLE001  FMPy's only way of telling NULL
        fmu.component = None
    if not fmu.component:
        raise FMURefused(f"The FMU refused to be instantiated{reason(log)}")
    return fmu


def reason(log: Log) -> str:
    """The FMU's own last words as the end of a sentence."""
    return f": {log.last}" if log.last else "; it gave no reason in its log."


def _bind(folder: Path, inspection: Inspection, interface: Interface) -> Any:
    if interface.library is None:
        raise FMURefused(f"There is no binary for {interface.type} in this FMU.")
    library = folder / interface.library
    binding = BINDINGS[int(inspection.fmi_version[0]), interface.type]
    try:
        libraries.preload(libraries.dependencies(library))
        return binding(
            library=library,
            guid=inspection.instantiation_token or "",
            modelIdentifier=interface.model_identifier,
            unzipDirectory=str(folder),
        )
    except FMURefused:
        raise
    except Exception as error:  # noqa: BLE001  FMPy wraps the loader's words in a bare Exception
        words = str(error).removeprefix(f"Failed to load shared library {library}. ").replace(f"{folder}/", "")
        raise FMURefused(f"The FMU's binary cannot be loaded: {words}") from None


def _arguments(fmi: int, interface: Interface, log: Log, *, event_mode: bool) -> dict[str, Any]:
    if fmi == 3:
        modes = {"eventModeUsed": True, "earlyReturnAllowed": interface.might_return_early} if event_mode else {}
        return {"logMessage": log.of_fmi3, **modes}
    structure, logger, allocate, release = _CALLBACKS[fmi]
    callbacks = structure()
    callbacks.logger, callbacks.allocateMemory, callbacks.freeMemory = (
        logger(log.of_fmi1_and_2),
        allocate(calloc),
        release(free),
    )
    addLoggerProxy(byref(callbacks))  # formats the printf arguments, which ctypes cannot see
    return {"functions" if fmi == 1 else "callbacks": callbacks}
