"""One warm place to work in: a zygote, replaced when it is old, dead or hung, and the control groups of its jobs."""

from __future__ import annotations

import math
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from simulations.fmi.cage import collect, launcher, payloads, places
from simulations.fmi.cage.cgroups import Groups
from simulations.fmi.cage.collect import Collected, Collector, Pipes
from simulations.fmi.cage.decode import Decoder, Expected
from simulations.fmi.cage.job import Job, Kind
from simulations.fmi.cage.plan import CageUnavailable, Plan
from simulations.fmi.cage.setting import Isolation
from simulations.fmi.cage.verdict import Evidence, judge
from simulations.fmi.cage.warm import Zygote
from simulations.fmi.errors import RunError, SandboxError
from simulations.fmi.limits import IntakeLimits, Limits

# The warden waits a little longer than the limit, so that an FMU that steps can still hand over what it reached.
_HARD_SECONDS = 0.5
# Address space of Python, numpy and FMPy themselves, and of threads' stacks and arenas, mapped but hardly touched.
_OWN_ADDRESS_SPACE = 1 << 30
# Where a control group counts touched memory, address space is only bounded against the absurd.
_SPARE_ADDRESS_SPACE = 16 << 30
_UID_RANGE = (20_000, 40_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the door asks of a cell. payload: JSON for the inmate. archive: the file of an intake."""

    kind: Kind
    folder: str
    payload: Mapping[str, Any]
    limits: Limits | IntakeLimits
    expected: Expected
    archive: Path | None = None
    on_progress: Callable[[float], None] = lambda share: None
    should_stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Answer:
    """error is None when the job ended well; `collected` holds what came back either way."""

    collected: Collected
    error: RunError | None


@dataclass(slots=True)
class Cell:
    """A place to work in. Not for two threads at once."""

    plan: Plan
    recycle_after: int
    groups: Groups = field(default_factory=Groups)
    zygote: Zygote | None = None
    starts: int = 0

    # An empty folder of the store that stands for an FMU in the self-test.
    PROBED: ClassVar[str] = ".probed"
    # Below an FMU: what was compiled from its sources.
    BUILT: ClassVar[str] = ".built"

    @classmethod
    def open(cls, plan: Plan, *, recycle_after: int) -> Self:
        """A cell with a ready zygote. Raises CageUnavailable."""
        cell = cls(plan, recycle_after)
        for folder in (plan.store, plan.incoming, plan.store / cls.PROBED):
            _public_folder(folder)
        cell._renew()
        cell.groups = Groups.make(secrets.token_hex(4))
        return cell

    @property
    def isolation(self) -> Isolation:
        return self.plan.isolation

    def perform(self, request: Request) -> Answer:
        """Do it; once more on a fresh zygote when the failure was ours."""
        answer = self._attempt(request)
        if isinstance(answer.error, SandboxError):
            self._end_zygote()
            answer = self._attempt(request)
        return answer

    def close(self) -> None:
        self._end_zygote()
        self.groups.remove()

    @contextmanager
    def landing(self) -> Iterator[Path]:
        """A new folder that an intake may write into; what is left of it in the end is removed."""
        folder = self.plan.incoming / secrets.token_hex(8)
        self.make_writable(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def make_writable(self, folder: Path) -> None:
        """A new folder that a job with output may fill."""
        folder.mkdir(mode=0o755)
        if os.geteuid() == 0:
            os.chown(folder, self._writer, self._writer)

    @property
    def _writer(self) -> int:
        return launcher.UID if self.isolation is Isolation.NAMESPACES else _UID_RANGE[1]

    def _attempt(self, request: Request) -> Answer:
        try:
            return self._try(request)
        except (OSError, CageUnavailable) as error:
            self._end_zygote()
            fault = SandboxError(f"The cage could not be set up: {error}")
            return Answer(Collected(Decoder(request.expected)), fault)

    def _try(self, request: Request) -> Answer:
        zygote = self._fresh_zygote()
        kills = self.groups.out_of_memory_kills()
        self.groups.limit_memory(request.limits.memory_bytes)
        with _pipes() as pipes, _files(request) as files, self._scratch(request) as scratch:
            joining = self._joining()
            try:
                everything = pipes.theirs | files | joining
                zygote.submit(self._job(request, scratch, tuple(everything)), everything)
            finally:
                pipes.close_theirs()
                _close(joining)
            collected = self._collector(request, pipes).collect()
        if collected.report is None or collected.hung:
            self._end_zygote()
        kills = self.groups.out_of_memory_kills() - kills
        return Answer(collected, judge(Evidence(collected, request.limits, kills)))

    def _collector(self, request: Request, pipes: Pipes) -> Collector:
        start_deadline, deadline = collect.deadlines(request.limits.wall_seconds + _HARD_SECONDS)
        return Collector(
            pipes=pipes,
            decoder=Decoder(request.expected, request.on_progress),
            start_deadline=start_deadline,
            deadline=deadline,
            log_bytes=request.limits.log_bytes,
            should_stop=request.should_stop,
        )

    def _job(self, request: Request, scratch: str, files: tuple[str, ...]) -> Job:
        limits = request.limits
        return Job(
            kind=request.kind,
            folder=request.folder,
            fmu=self._fmu(request),
            scratch=scratch,
            output=self._output(request),
            wall_seconds=limits.wall_seconds + _HARD_SECONDS,
            cpu_seconds=math.ceil(limits.cpu_seconds) + 1,
            address_space=limits.memory_bytes + self._address_space(),
            file_bytes=limits.unpacked_bytes if isinstance(limits, IntakeLimits) else limits.scratch_bytes,
            scratch_bytes=limits.scratch_bytes + (1 << 20),
            uid=self._uid(request),
            files=files,
        )

    def _output(self, request: Request) -> str | None:
        fmu = Path(self._fmu(request))
        return {Kind.INTAKE: str(fmu), Kind.BUILD: str(fmu / Cell.BUILT)}.get(request.kind)

    def _address_space(self) -> int:
        return _SPARE_ADDRESS_SPACE if self.groups.limits_memory else _OWN_ADDRESS_SPACE

    def _uid(self, request: Request) -> int | None:
        """Where no namespace separates them, each job is a user of its own; intakes own what they unpack."""
        if self.isolation is not Isolation.LANDLOCK or os.geteuid() != 0:
            return None
        return self._writer if self._output(request) else secrets.choice(range(*_UID_RANGE))

    def _fmu(self, request: Request) -> str:
        if self.isolation is Isolation.NAMESPACES:
            return str(places.FMU)
        return str(
            (self.plan.incoming if request.kind in {Kind.INTAKE, Kind.BUILD} else self.plan.store) / request.folder
        )

    @contextmanager
    def _scratch(self, request: Request) -> Iterator[str]:
        """The scratch folder as the inmate sees it; a real one where there is no mount namespace to make it in."""
        if self.isolation is Isolation.NAMESPACES:
            yield str(places.SCRATCH)
            return
        with tempfile.TemporaryDirectory(prefix="fmu-cage-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o1777)
            yield folder

    def _joining(self) -> dict[str, int]:
        return {f"cgroup{n}": group.open_for_joining() for n, group in enumerate(self.groups.groups)}

    def _fresh_zygote(self) -> Zygote:
        if self.zygote is None or self.zygote.jobs >= self.recycle_after or self.zygote.process.poll() is not None:
            return self._renew()
        return self.zygote

    def _renew(self) -> Zygote:
        self._end_zygote()
        self.starts += 1
        self.zygote = Zygote.start(self.plan)
        return self.zygote

    def _end_zygote(self) -> None:
        if self.zygote is not None:
            self.zygote.end()
            self.zygote = None


def _public_folder(folder: Path) -> None:
    """Readable by the unprivileged user of the cage, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):
        folder.chmod(0o755)


@contextmanager
def _pipes() -> Iterator[Pipes]:
    pipes = Pipes.open()
    try:
        yield pipes
    finally:
        pipes.close()


@contextmanager
def _files(request: Request) -> Iterator[dict[str, int]]:
    """The payload, in memory, and the archive, if there is one."""
    files = {"payload": payloads.in_memory(request.payload)}
    try:
        if request.archive is not None:
            files["archive"] = os.open(request.archive, os.O_RDONLY | os.O_CLOEXEC)
        yield files
    finally:
        _close(files)


def _close(files: Mapping[str, int]) -> None:
    for descriptor in files.values():
        os.close(descriptor)
