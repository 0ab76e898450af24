import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import fmpy
import pytest
from fmpy.model_description import ModelDescription

from simulations.samples import SAMPLES, find_sample
from simulations.tests.samples import child

Columns = child.Columns
InChild = Callable[..., Any]
Simulate = Callable[..., Columns]


@cache
def read_description(name: str) -> ModelDescription:
    sample = find_sample(name)
    assert sample is not None
    return fmpy.read_model_description(str(sample.path), validate=True)


def interface_types(name: str) -> list[str]:
    description = read_description(name)
    offered = {"CoSimulation": description.coSimulation, "ModelExchange": description.modelExchange}
    return [interface_type for interface_type, interface in offered.items() if interface is not None]


ALL = [sample.name for sample in SAMPLES]
INTERFACES = [(name, interface_type) for name in ALL for interface_type in interface_types(name)]
WITH_BOTH = [name for name in ALL if len(interface_types(name)) == 2]


@pytest.fixture(scope="session")
def in_child() -> Iterator[InChild]:
    """Call a function of child.py in one child process that all tests share."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda function, *arguments, **options: pool.submit(function, *arguments, **options).result(timeout=60)


@pytest.fixture(scope="session")
def simulate(in_child: InChild) -> Simulate:
    """Run a sample by name with FMPy's options; returns columns."""

    def run(name: str, interface_type: str = "CoSimulation", **options: Any) -> Columns:
        sample = find_sample(name)
        assert sample is not None
        columns: Columns = in_child(child.simulate, sample.path, fmi_type=interface_type, **options)
        return columns

    return run
