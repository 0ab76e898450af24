"""What can be seen inside the cage: a short list of folders, each at a fixed place, all but one read-only."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import simulations
from simulations.fmi.cage import places

PACKAGES = ("numpy", "fmpy", "lxml", "attr", "attrs")
_SYSTEM = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/lib", "/lib32", "/lib64", "/libx32")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True, slots=True)
class Bind:
    """A folder or file of this machine, and where it appears inside."""

    source: Path
    target: Path
    writable: bool = False


def system() -> Iterator[Bind]:
    """The loader and the system's libraries. Where /lib is a link to usr/lib, the link is followed."""
    for name in _SYSTEM:
        if Path(name).is_dir():
            yield Bind(Path(name), Path(name))


def python() -> Iterator[Bind]:
    """This interpreter and its standard library, without its site-packages of any kind."""
    prefix = Path(sys.base_prefix)
    standard_library = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(prefix)}))
    yield Bind(Path(sys.executable).resolve(), python_executable())
    yield Bind(standard_library, places.PYTHON / standard_library.relative_to(prefix))
    for library in _shared_libraries():
        yield Bind(library.resolve(), places.PYTHON / "lib" / library.name)


def _shared_libraries() -> Iterator[Path]:
    """libpython, where the interpreter is not one static file."""
    folder, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and (library := Path(folder) / name).exists():
        yield library


def python_executable() -> Path:
    return places.PYTHON / "bin" / "python3"


def packages() -> Iterator[Bind]:
    """The packages that a run imports, and the libraries that their wheels carry in a folder beside them."""
    for name in PACKAGES:
        folder = package_folder(name)
        yield Bind(folder, places.SITE / name)
        if (libraries := folder.with_name(f"{name}.libs")).is_dir():
            yield Bind(libraries, places.SITE / libraries.name)


def package_folder(name: str) -> Path:
    """Where a package lies, found without importing it."""
    specification = importlib.util.find_spec(name)
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError(f"The cage needs the package {name!r}; install requirements/base.txt.")
    return Path(specification.origin).parent


def code() -> Iterator[Bind]:
    """simulations.fmi and the empty __init__.py above it; the rest of the site is not there."""
    package = Path(simulations.__file__).resolve().parent
    yield Bind(package / "__init__.py", places.CODE / "simulations" / "__init__.py")
    yield Bind(package / "fmi", places.CODE / "simulations" / "fmi")


def code_and_libraries() -> Iterator[Bind]:
    """What every zygote and every job can read."""
    yield from system()
    yield from python()
    yield from packages()
    yield from code()


def toolchain() -> Iterator[Bind]:
    """The compiler's programs and headers; its inner programs lie below /usr/lib, or /usr/libexec on some systems."""
    for name in ("/usr/bin", "/usr/include", "/usr/libexec"):
        if Path(name).is_dir():
            yield Bind(Path(name), Path(name))
