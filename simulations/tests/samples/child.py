"""What the tests do with FMUs, run in a child process: a crash of native code is then a failed test and no more."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fmpy
import numpy as np
from fmpy.fmi1 import FMICallException, FMU1Slave
from fmpy.fmi2 import FMU2Model, FMU2Slave
from fmpy.fmi3 import FMU3Model, FMU3Slave
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]

CLASSES = {
    ("1.0", "CoSimulation"): FMU1Slave,
    ("2.0", "CoSimulation"): FMU2Slave,
    ("2.0", "ModelExchange"): FMU2Model,
    ("3.0", "CoSimulation"): FMU3Slave,
    ("3.0", "ModelExchange"): FMU3Model,
}


def simulate(path: Path, **options: Any) -> Columns:
    """Run fmpy.simulate_fmu; returns time and the recorded outputs as columns."""
    result = fmpy.simulate_fmu(str(path), **options)
    return {name: np.array(result[name]) for name in result.dtype.names}


def messages_of_failure(path: Path, **options: Any) -> str:
    """Run a simulation that must fail; returns what FMPy printed of the FMU's log.

    FMPy's option `logger` will not do: its proxy keeps a pointer to the last logger of the process, even a dead one.
    """
    with redirect_stdout(StringIO()) as printed:
        try:
            simulate(path, **options)
        except Exception:  # noqa: BLE001  FMPy raises bare exceptions
            return printed.getvalue()
    raise AssertionError("the simulation did not fail")


@contextmanager
def instance(path: Path, interface_type: str = "CoSimulation") -> Iterator[tuple[Any, Any]]:
    """Yield an instantiated FMU and its model description."""
    description = fmpy.read_model_description(str(path))
    interface = description.coSimulation if interface_type == "CoSimulation" else description.modelExchange
    with TemporaryDirectory() as folder:
        fmpy.extract(str(path), folder)
        fmu = CLASSES[description.fmiVersion, interface_type](
            guid=description.guid,
            unzipDirectory=folder,
            modelIdentifier=interface.modelIdentifier,
            instanceName="test",
        )
        fmu.instantiate()
        try:
            yield fmu, description
        finally:
            fmu.freeInstance()


def accessor(fmu: Any, verb: str, variable: Any, fmi_version: str) -> Any:
    kind = variable.type
    if kind == "Enumeration":
        kind = "Int64" if fmi_version == "3.0" else "Integer"
    return getattr(fmu, verb + kind)


def get(fmu: Any, variable: Any, fmi_version: str) -> Any:
    """Return the value of a variable: a scalar, or a flat list for an array."""
    getter = accessor(fmu, "get", variable, fmi_version)
    count = int(np.prod(variable.shape)) if variable.shape else 1
    counts = {"nValues": count} if fmi_version == "3.0" else {}
    values = getter([variable.valueReference], **counts)
    plain = [value.decode() if isinstance(value, bytes) else value for value in values]
    return plain if variable.shape else plain[0]


def values_after_instantiation(path: Path, interface_type: str) -> dict[str, Any]:
    with instance(path, interface_type) as (fmu, description):
        return {variable.name: get(fmu, variable, description.fmiVersion) for variable in description.modelVariables}


def set_and_read_back(path: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Set start values (flat lists for arrays) after instantiation and read them again."""
    with instance(path) as (fmu, description):
        version = description.fmiVersion
        variables = {variable.name: variable for variable in description.modelVariables}
        for name, value in values.items():
            flat = value if isinstance(value, list) else [value]
            accessor(fmu, "set", variables[name], version)([variables[name].valueReference], flat)
        return {name: get(fmu, variables[name], version) for name in values}


def is_refused(path: Path, name: str, value: Any, running: bool) -> bool:
    """Tell whether the FMU refuses to set a variable, after instantiation or while it runs."""
    with instance(path) as (fmu, description):
        variable = next(variable for variable in description.modelVariables if variable.name == name)
        if running:
            start_slave(fmu, description.fmiVersion)
        try:
            accessor(fmu, "set", variable, description.fmiVersion)([variable.valueReference], [value])
        except FMICallException:
            return True
        return False


def values_after_run(path: Path, names: list[str], stop_time: float, start_values: dict[str, Any]) -> dict[str, Any]:
    """Run as Co-Simulation and read variables of any type at the end, strings too."""
    read: dict[str, Any] = {}
    description = fmpy.read_model_description(str(path))
    variables = {variable.name: variable for variable in description.modelVariables}

    def remember(time: float, recorder: Any) -> bool:
        if np.isclose(time, stop_time):
            read.update({name: get(recorder.fmu, variables[name], description.fmiVersion) for name in names})
        return True

    simulate(path, fmi_type="CoSimulation", stop_time=stop_time, start_values=start_values, step_finished=remember)
    return read


def start_slave(fmu: Any, fmi_version: str) -> None:
    if fmi_version == "1.0":
        fmu.initialize(tStart=0)
        return
    if fmi_version == "2.0":
        fmu.setupExperiment(startTime=0)
    fmu.enterInitializationMode()
    fmu.exitInitializationMode()


def steps(fmu: Any, variable: Any, version: str, first: int, count: int, size: float) -> list[float]:
    values = []
    for number in range(first, first + count):
        fmu.doStep(currentCommunicationPoint=number * size, communicationStepSize=size)
        values.append(get(fmu, variable, version))
    return values


def same_steps_twice(path: Path, name: str, size: float, how: str) -> tuple[list[float], list[float]]:
    """Take 20 steps twice; between them go back `how`: restore a state, deserialize one, or reset the instance."""
    with instance(path) as (fmu, description):
        version = description.fmiVersion
        variable = next(variable for variable in description.modelVariables if variable.name == name)
        start_slave(fmu, version)
        before = 0 if how == "reset" else 7
        steps(fmu, variable, version, 0, before, size)
        back = way_back(fmu, version, how)
        first = steps(fmu, variable, version, before, 20, size)
        back()
        return first, steps(fmu, variable, version, before, 20, size)


def restart(fmu: Any, version: str) -> None:
    fmu.reset()
    start_slave(fmu, version)


def way_back(fmu: Any, version: str, how: str) -> Any:
    if how == "reset":
        return lambda: restart(fmu, version)
    suffix = "State" if version == "3.0" else "state"
    state = getattr(fmu, f"getFMU{suffix}")()
    if how == "restore":
        return lambda: getattr(fmu, f"setFMU{suffix}")(state)
    serialize = getattr(fmu, "serializeFMUState" if version == "3.0" else "serializeFMUstate")
    deserialize = getattr(fmu, "deserializeFMUState" if version == "3.0" else "deSerializeFMUstate")
    data = serialize(state)
    return lambda: getattr(fmu, f"setFMU{suffix}")(deserialize(data))


def interleaved_instances(path: Path, name: str, size: float) -> tuple[list[float], list[float]]:
    """Step two instances in turn: the second one starts 5 steps later."""
    with instance(path) as (one, description), instance(path) as (two, _):
        version = description.fmiVersion
        variable = next(variable for variable in description.modelVariables if variable.name == name)
        start_slave(one, version)
        first = steps(one, variable, version, 0, 5, size)
        start_slave(two, version)
        second = []
        for number in range(5, 20):
            first += steps(one, variable, version, number, 1, size)
            second += steps(two, variable, version, number - 5, 1, size)
        return first, second
