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
    assert elf.exports(path) == defined
    assert read.needed == tuple(re.findall(r"NEEDED.*\[(.*)\]", _readelf("-d", path)))
    assert {version for _, version in read.required} == set(re.findall(r"Name: (\S+)  Flags", _readelf("-V", path)))
    assert read.runs_on_this_machine


def test_versions_that_a_library_offers_agree_with_readelf() -> None:
    libc = Path("/lib/x86_64-linux-gnu/libc.so.6")
    section = _readelf("-V", libc).partition("Version definition section")[2].partition("Version needs")[0]
    assert elf.defined_versions(libc) == set(re.findall(r"Name: (\S+)", section))


def test_search_path_is_read_with_its_origin(tmp_path: Path) -> None:
    path = tmp_path / "Decay.so"
    path.write_bytes(compiled("-Wl,-rpath,$ORIGIN/../lib:/opt/tool"))
    assert elf.read(path).search_path == (tmp_path / "../lib", Path("/opt/tool"))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(at=st.integers(0, 4000), content=st.binary(min_size=1, max_size=16))
def test_broken_bytes_never_raise(at: int, content: bytes, library: Path, tmp_path: Path) -> None:
    data = bytearray(library.read_bytes())
    data[at : at + len(content)] = content
    path = tmp_path / "broken.so"
    path.write_bytes(data)
    _read_all(path)


@pytest.mark.parametrize("length", [0, 1, 4, 19, 20, 63, 64, 65, 200, 1000, 5000])
def test_cut_file_never_raises(length: int, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.so"
    path.write_bytes(library.read_bytes()[:length])
    _read_all(path)


def _read_all(path: Path) -> None:
    if elf.read(path).runs_on_this_machine:
        elf.exports(path)
        elf.defined_versions(path)


def _readelf(option: str, path: Path) -> str:
    return subprocess.run(["readelf", "-W", option, str(path)], capture_output=True, text=True, check=True).stdout
