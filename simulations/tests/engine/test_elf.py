"""The ELF reader agrees with readelf, and bears files that are cut, broken or made to hurt."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulations.fmi.runner import elf
from simulations.tests.engine.workshop import compiled


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elf") / "Decay.so"
    path.write_bytes(compiled())
    return path


@pytest.mark.parametrize("options", [(), ("-Wl,--hash-style=sysv",), ("-Wl,--hash-style=gnu",), ("-s",)])
def test_reader_agrees_with_readelf(options: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "Decay.so"
    path.write_bytes(compiled(*options))
    read = elf.read(path)
    symbols = _readelf("--dyn-syms", path)
    lines = [line.split() for line in symbols.splitlines() if re.match(r"\s+\d+:", line)]
    defined = {line[7].split("@")[0] for line in lines if len(line) > 7 and line[6] != "UND"}
    assert read.exports == defined
    assert read.needed == tuple(re.findall(r"NEEDED.*\[(.*)\]", _readelf("-d", path)))
    assert read.runs_on_this_machine


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 4000), content=st.binary(min_size=1, max_size=16))
def test_broken_bytes_never_raise(at: int, content: bytes, library: Path, tmp_path: Path) -> None:
    data = bytearray(library.read_bytes())
    data[at : at + len(content)] = content
    path = tmp_path / "broken.so"
    path.write_bytes(data)
    elf.read(path)


@pytest.mark.parametrize("length", [0, 1, 4, 19, 20, 63, 64, 65, 200, 1000, 5000])
def test_cut_file_never_raises(length: int, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.so"
    path.write_bytes(library.read_bytes()[:length])
    elf.read(path)


def _readelf(option: str, path: Path) -> str:
    return subprocess.run(["readelf", "-W", option, str(path)], capture_output=True, text=True, check=True).stdout
