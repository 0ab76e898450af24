"""What a zygote is to be: how walled in, with which folders, for running or for compiling."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulations.fmi.cage import bubblewrap, launcher, places, syscalls, view
from simulations.fmi.cage.setting import Filters, Isolation, Setting
from simulations.fmi.cage.view import Bind


class CageUnavailable(Exception):
    """No cage of the wanted level can be had on this machine; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """store: extracted FMUs. libraries: old runtimes to lend. samples: our own FMUs, to warm up with.

    compiles: a compiler may be started, and its programs are in sight; only for jobs that build from sources.
    """

    isolation: Isolation
    store: Path
    libraries: Path | None = None
    samples: Path | None = None
    compiles: bool = False

    @property
    def incoming(self) -> Path:
        """Where intakes unpack, on the same file system as the store, so that a rename is enough."""
        return self.store / ".incoming"

    def command(self, control: int) -> list[str]:
        """The command line of the zygote that reads its jobs from descriptor `control`. Raises CageUnavailable."""
        if self.isolation is Isolation.NAMESPACES:
            return self._in_namespaces(control)
        setting = self._setting(control, readable=[bind.source for bind in self._code()])
        path = [Path(entry).absolute() for entry in sys.path]
        return bubblewrap.zygote(Path(sys.executable), path, setting.dump())

    def environment(self) -> dict[str, str]:
        """All that a zygote and its jobs have. The empty PATH keeps ctypes.util from asking a compiler for libraries.

        One thread for OpenBLAS, since only a single-threaded process may fork; FMUs start theirs later.
        """
        libraries = self._as_seen(self.libraries, places.LIBRARIES)
        return {
            "PATH": "",
            "LC_ALL": "C.UTF-8",
            "LD_LIBRARY_PATH": str(places.PYTHON / "lib"),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        } | ({"FMU_LIBRARIES": libraries} if libraries else {})

    def _as_seen(self, folder: Path | None, place: Path) -> str | None:
        """A folder's path for code inside: its fixed place, or its own where there is no mount namespace."""
        if folder is None:
            return None
        return str(place if self.isolation is Isolation.NAMESPACES else folder)

    def _in_namespaces(self, control: int) -> list[str]:
        executable = shutil.which("bwrap")
        if executable is None:
            raise CageUnavailable("bubblewrap is not installed (Debian: apt install bubblewrap)")
        build = launcher.command if os.geteuid() == 0 else bubblewrap.command
        return build(executable, list(self._binds()), self._setting(control, readable=[Path("/")]).dump())

    def _setting(self, control: int, readable: list[Path]) -> Setting:
        return Setting(
            isolation=self.isolation,
            control=control,
            readable=tuple(map(str, readable)),
            executable=tuple(str(bind.target) for bind in self._programs()),
            filters=self._filters(),
            samples=self._as_seen(self.samples, places.SAMPLES),
        )

    def _programs(self) -> Iterator[Bind]:
        """The compiler with its inner programs and the loader that starts them."""
        if self.compiles:
            yield from view.toolchain()
            yield from view.system()

    def _code(self) -> Iterator[Bind]:
        yield from view.code_and_libraries()
        if self.compiles:
            yield from view.toolchain()
        if self.libraries:
            yield Bind(self.libraries, places.LIBRARIES)

    def _binds(self) -> Iterator[Bind]:
        """Only the folder that intakes unpack into is writable, and a job sees its own part of it at most."""
        yield from self._code()
        yield Bind(self.store, places.STORE)
        yield Bind(self.incoming, places.INCOMING, writable=True)
        if self.samples:
            yield Bind(self.samples, places.SAMPLES)

    def _filters(self) -> Filters | None:
        if self.isolation is Isolation.NOTHING:
            return None
        try:
            return syscalls.compiled(may_start_programs=self.compiles)
        except (OSError, RuntimeError) as error:
            raise CageUnavailable(f"libseccomp is not usable (Debian: apt install libseccomp2): {error}") from error
