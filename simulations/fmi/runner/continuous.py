"""What a solver asks of a Model Exchange instance thousands of times: time, states, derivatives, event indicators."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, c_double, c_size_t, c_void_p, cast
from typing import Any

from fmpy.sundials.libraries import sundials_core

# A pointer to doubles, and how many there are: the form in which FMPy's solvers call.
Vector = Callable[[Any, int], None]


class Continuous:
    """The functions of one instance, for pointers to doubles. Each raises FMICallException beyond a warning."""

    def __init__(self, fmu: Any, fmi: int, *, states: int, indicators: int) -> None:
        derivatives = "GetContinuousStateDerivatives" if fmi == 3 else "GetDerivatives"
        self.get_states = _vector(fmu, f"fmi{fmi}GetContinuousStates", states)
        self.set_states = _vector(fmu, f"fmi{fmi}SetContinuousStates", states)
        self.get_derivatives = _vector(fmu, f"fmi{fmi}{derivatives}", states)
        self.get_indicators = _vector(fmu, f"fmi{fmi}GetEventIndicators", indicators)
        self.set_time = _time(fmu, f"fmi{fmi}SetTime")


def _vector(fmu: Any, name: str, size: int) -> Vector:
    if size == 0:
        return _nothing
    function, component, length = fmu.bare(name), c_void_p(fmu.component), c_size_t(size)

    def call(pointer: Any, _size: int) -> None:
        function(component, pointer, length)

    return call


def _nothing(_pointer: Any, _size: int) -> None:
    """Some FMUs mind being asked for states or indicators that they have none of."""


def _time(fmu: Any, name: str) -> Callable[[float], None]:
    function, component, value = fmu.bare(name), c_void_p(fmu.component), c_double()

    def call(time: float) -> None:
        value.value = time
        function(component, value)

    return call


# The pointer to the doubles of one of CVode's vectors: asked anew each time, for it changes while a Jacobian is built.
values_of = CFUNCTYPE(POINTER(c_double))(cast(sundials_core.N_VGetArrayPointer, c_void_p).value or 0)
