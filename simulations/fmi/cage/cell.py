"""One warm place to work in: a zygote, replaced when it is old, dead or hung, and the control groups of its jobs."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Self

from simulations.fmi.cage import collect, orders, payloads, places
from simulations.fmi.cage.cgroups import Groups
from simulations.fmi.cage.collect import Collected, Collector, Pipes
from simulations.fmi.cage.decode import Decoder
from simulations.fmi.cage.job import Kind
from simulations.fmi.cage.orders import Orders
from simulations.fmi.cage.plan import CageUnavailable, Plan
from simulations.fmi.cage.request import Answer, Request
from simulations.fmi.cage.setting import Isolation
from simulations.fmi.cage.verdict import Evidence, judge
from simulations.fmi.cage.warm import Zygote
from simulations.fmi.errors import SandboxError


@dataclass(slots=True)
class Cell:
    """A place to work in. Not for two threads at once."""

    plan: Plan
    recycle_after: int
    groups: Groups = field(default_factory=Groups)
    zygote: Zygote | None = None
    successor: Zygote | None = None
    starts: int = 0

    # A successor takes half a second to get ready: it begins so many jobs before it is needed.
    AHEAD: ClassVar[int] = 50
    # An empty folder of the store that stands for an FMU in the self-test.
    PROBED: ClassVar[str] = ".probed"

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
        if not isinstance(answer.error, SandboxError):
            return answer
        self._end_zygote()
        if request.kind is Kind.INTAKE:
            _empty(self.plan.incoming / request.folder)
        return self._attempt(request)

    def close(self) -> None:
        self._end_zygote()
        if self.successor is not None:
            self.successor.end()
            self.successor = None
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
            os.chown(folder, orders.writer(self.plan), orders.writer(self.plan))

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
        with _pipes() as pipes, payloads.travelling(request) as files, self._scratch() as scratch:
            with self.groups.opened_for_joining() as joining:
                everything = pipes.theirs | files | joining
                commands = Orders(plan=self.plan, counts_memory=self.groups.limits_memory)
                zygote.submit(commands.job(request, scratch=scratch, files=tuple(everything)), everything)
            pipes.close_theirs()
            collected = self._collector(request, pipes).collect()
        if collected.report is None or collected.hung:
            self._end_zygote()
        kills = self.groups.out_of_memory_kills() - kills
        return Answer(collected, judge(Evidence(collected, request.limits, kills)))

    def _collector(self, request: Request, pipes: Pipes) -> Collector:
        start_deadline, deadline = collect.deadlines(request.limits.wall_seconds + orders.HARD_SECONDS)
        return Collector(
            pipes=pipes,
            decoder=Decoder(request.expected, request.on_progress),
            start_deadline=start_deadline,
            deadline=deadline,
            log_bytes=request.limits.log_bytes,
            should_stop=request.should_stop,
        )

    @contextmanager
    def _scratch(self) -> Iterator[str]:
        """The scratch folder as the inmate sees it; a real one where there is no mount namespace to make it in."""
        if self.isolation is Isolation.NAMESPACES:
            yield str(places.SCRATCH)
            return
        with tempfile.TemporaryDirectory(prefix="fmu-cage-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o1777)
            yield folder

    def _fresh_zygote(self) -> Zygote:
        if self.zygote is None or self.zygote.jobs >= self.recycle_after or self.zygote.process.poll() is not None:
            return self._renew()
        if self.successor is None and self.zygote.jobs >= self.recycle_after - min(
            self.AHEAD, self.recycle_after // 10
        ):
            with suppress(OSError, CageUnavailable):  # what keeps it from starting now will be told when it is needed
                self.successor = Zygote.start(self.plan)
        return self.zygote

    def _renew(self) -> Zygote:
        self._end_zygote()
        self.starts += 1
        zygote, self.successor = self.successor or Zygote.start(self.plan), None
        zygote.await_ready()
        self.zygote = zygote
        return zygote

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


def _empty(folder: Path) -> None:
    """Forget what a failed attempt left."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
