"""The legacy libraries: our own shim does what Fortran does, the folder fills from what the machine has."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import pytest

from simulations.fmi import libraries
from simulations.fmi.libraries import assemble
from simulations.fmi.runner import elf
from simulations.fmi.runner.libraries import dependencies
from simulations.tests.engine.workshop import make_library


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shim")
    assemble.build_shim(folder)
    return folder / assemble.SHIM


def test_shim_has_the_name_and_the_version_that_fmus_bind_to(shim: Path) -> None:
    library = elf.read(shim)
    assert library.soname == "libgfortran.so.4"
    assert "_gfortran_st_write" in elf.exports(shim)
    said = subprocess.run(["readelf", "--dyn-syms", "-W", str(shim)], capture_output=True, text=True, check=True).stdout
    assert "_gfortran_st_write@@GFORTRAN_7" in said


def test_shim_serves_a_program_linked_to_the_old_fortran(shim: Path, tmp_path: Path) -> None:
    source = tmp_path / "old.c"
    source.write_text(
        'int _gfortran_string_len_trim(int, const char *);int f(void){return _gfortran_string_len_trim(6, "ab    ");}'
    )
    library = tmp_path / "old.so"
    command = ["gcc", "-shared", "-fPIC", str(source), f"-L{shim.parent}", "-l:libgfortran.so.4", "-o", str(library)]
    subprocess.run(command, check=True)
    ctypes.CDLL(str(shim))
    assert ctypes.CDLL(str(library)).f() == 2


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [(b"ab", b"ab  ", 0), (b"ab", b"ac", -1), (b"b", b"ab", 1), (b"a", b"a\x01", 1), (b"", b"x", -1)],
)
def test_shim_compares_as_if_padded_with_blanks(left: bytes, right: bytes, order: int, shim: Path) -> None:
    compare = ctypes.CDLL(str(shim))._gfortran_compare_string
    result = compare(len(left), left, len(right), right)
    assert (result > 0) - (result < 0) == order


def test_shim_concatenates_into_a_padded_text(shim: Path) -> None:
    target = ctypes.create_string_buffer(8)
    ctypes.CDLL(str(shim))._gfortran_concat_string(8, target, 3, b"abc", 2, b"de")
    assert target.raw == b"abcde   "


def test_shim_raises_to_whole_powers(shim: Path) -> None:
    library = ctypes.CDLL(str(shim))
    library._gfortran_pow_r8_i4.restype = ctypes.c_double
    library._gfortran_pow_r8_i4.argtypes = [ctypes.c_double, ctypes.c_int]
    assert library._gfortran_pow_r8_i4(2.0, -3) == 0.125
    assert library._gfortran_pow_i4_i4(3, 5) == 243
    assert library._gfortran_pow_i4_i4(-1, -3) == -1


def test_folder_is_filled_from_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the wheel, which the network has; a second call has nothing to do."""
    (tmp_path / "libgfortran.so.3").write_bytes(b"")
    assert assemble.main([str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"libgfortran.so.4", "libgfortran.so.5", "libquadmath.so.0", "libblas.so.3", "liblapack.so.3"} <= names
    assert not any(path.is_symlink() for path in tmp_path.iterdir())
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("nothing is missing"))
    assemble.main([str(tmp_path)])
    assert capsys.readouterr().err == ""


def test_what_cannot_be_had_is_said_and_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assemble, "_SYSTEM", ())
    monkeypatch.setattr(assemble, "_run", _no_network)
    assert assemble.main([str(tmp_path)]) == 0
    said = capsys.readouterr().err
    assert "Not had: libgfortran.so.5 from libgfortran5: no network" in said
    assert "Not had: libgfortran.so.3 from openseespylinux" in said


def test_needed_libraries_come_with_what_they_need_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lent = tmp_path / "lent"
    inner = make_library(lent, "libinner_runtime.so.1")
    outer = lent / "libouter_runtime.so.1"
    source = tmp_path / "outer.c"
    source.write_text("void needed_from_fortran(void); void outer(void) { needed_from_fortran(); }")
    options = ["gcc", "-shared", "-fPIC", str(source), f"-L{lent}"]
    subprocess.run(
        [*options, "-l:libinner_runtime.so.1", "-Wl,-soname,libouter_runtime.so.1", "-o", str(outer)], check=True
    )
    binary = tmp_path / "model.so"
    source.write_text("void outer(void); void model(void) { outer(); }")
    subprocess.run([*options, f"-Wl,-rpath-link,{lent}", "-l:libouter_runtime.so.1", "-o", str(binary)], check=True)
    monkeypatch.setenv("FMU_LIBRARIES", str(lent))
    assert dependencies(binary).lent == (inner, outer)
    inner.unlink()
    assert dependencies(binary).missing == ("libinner_runtime.so.1",)


def test_folder_of_the_libraries_is_set_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMU_LIBRARIES", str(tmp_path))
    assert libraries.folder() == tmp_path


def _no_network(*_command: str, cwd: str | None = None) -> None:
    raise OSError("no network")
