"""FMPy's bindings to an FMU's functions, made to bear what real FMUs do.

FMPy looks its library up by the modelIdentifier, refuses an FMU that lacks one optional function, and declares the
status of several FMI 1 functions as a string, so that an error there reads address 3 and ends the process.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_char_p, c_int, c_void_p, cast
from functools import cache
from pathlib import Path
from typing import Any

from fmpy.fmi1 import _FMU, FMICallException, FMU1Model, FMU1Slave, fmi1Warning
from fmpy.fmi2 import FMU2Model, FMU2Slave
from fmpy.fmi3 import FMU3Model, FMU3Slave

from simulations.fmi.errors import FMURefused

_HARMLESS = ("SetDebugLogging", "Terminate", "FreeFMUstate", "FreeFMUState")
_TEXTS = ("GetVersion", "TypesPlatform")  # the only functions that return a string


class MissingFunction:
    """Stands for a function that the binary lacks: harmless ones succeed, others say so when they are needed."""

    argnames: tuple[str, ...] = ()
    argtypes: tuple[type, ...] = ()
    restype = c_int

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_arguments: Any) -> int:
        if self._name.endswith(_HARMLESS):
            return 0
        raise FMURefused(f"The FMU's binary lacks the function {self._name}, which this run needs.")


class _Bearing(_FMU):  # type: ignore[misc]
    """Comes after FMPy's class and before its base, so that its library path and loader win."""

    def __init__(self, *, library: Path, **arguments: Any) -> None:
        self._library = library
        self.missing: list[str] = []
        super().__init__(**arguments | {"libraryPath": str(library)})

    def _loadFunctions(self) -> None:  # noqa: N802  FMPy's name
        kind: Any = type(self)
        for name, (argnames, argtypes, restype) in signatures(kind).items():
            function = self._find(name)
            function.argnames, function.argtypes, function.restype = argnames, argtypes, restype
            self._functions[name] = function
            if restype is c_int:
                setattr(self, name, _checked(name, function))

    def bare(self, name: str) -> Callable[..., int]:
        """The function without the types of its arguments, for ctypes objects only: nothing is converted at a call.

        It raises FMICallException for any status beyond a warning.
        """
        function = self._functions[name]
        if isinstance(function, MissingFunction):
            return function
        return _checked(name, CFUNCTYPE(c_int)(cast(function, c_void_p).value or 0))

    def _find(self, name: str) -> Any:
        plain = name.replace("fmi1", "fmi")
        prefixed = [f"{prefix}_{plain}" for prefix in (self.modelIdentifier, self._library.stem)]
        for candidate in [*prefixed, plain] if name.startswith("fmi1") else [plain, *prefixed]:
            function = getattr(self.dll, candidate, None)
            if function is not None:
                return function
        self.missing.append(plain)
        return MissingFunction(plain)


def _checked(name: str, function: Any) -> Callable[..., int]:
    """In the place of FMPy's method of this name, without the two calls and the log around each call: it is hot."""

    def call(*arguments: Any) -> int:
        status: int = function(*arguments)
        if status > fmi1Warning:
            raise FMICallException(function=name, status=status)
        return status

    return call


@cache
def signatures(kind: Any) -> dict[str, tuple[list[str], list[Any], Any]]:
    """Names, types of arguments and of the result of every FMI function that FMPy's class wraps."""
    prefix = kind.__name__[:4].replace("FMU", "fmi")
    wrapped = {name: inspect.signature(member) for name, member in inspect.getmembers(kind) if name.startswith(prefix)}
    return {
        name: (
            [item.name for item in signature.parameters.values() if item.name != "self"],
            [_first_of(item.annotation) for item in signature.parameters.values() if item.name != "self"],
            _result(name, signature.return_annotation),
        )
        for name, signature in wrapped.items()
    }


def _first_of(annotation: Any) -> Any:
    """FMPy writes `c_double | float`: the C type comes first."""
    return typing.get_args(annotation)[0] if isinstance(annotation, types.UnionType) else annotation


def _result(name: str, annotation: Any) -> Any:
    if name.endswith(_TEXTS):
        return c_char_p
    return c_int if annotation in (int, c_char_p) else annotation


class FMU1SlaveHere(FMU1Slave, _Bearing):  # type: ignore[misc]
    pass


class FMU1ModelHere(FMU1Model, _Bearing):  # type: ignore[misc]
    pass


class FMU2SlaveHere(FMU2Slave, _Bearing):  # type: ignore[misc]
    pass


class FMU2ModelHere(FMU2Model, _Bearing):  # type: ignore[misc]
    pass


class FMU3SlaveHere(FMU3Slave, _Bearing):  # type: ignore[misc]
    pass


class FMU3ModelHere(FMU3Model, _Bearing):  # type: ignore[misc]
    pass


BINDINGS: dict[tuple[int, str], Any] = {
    (1, "CoSimulation"): FMU1SlaveHere,
    (1, "ModelExchange"): FMU1ModelHere,
    (2, "CoSimulation"): FMU2SlaveHere,
    (2, "ModelExchange"): FMU2ModelHere,
    (3, "CoSimulation"): FMU3SlaveHere,
    (3, "ModelExchange"): FMU3ModelHere,
}
