"""The hostile self-test at start: a level is what the attacks did not get through, not what is installed."""

from __future__ import annotations

import os
import secrets
import select
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simulations.fmi.cage import places
from simulations.fmi.cage.cell import Cell
from simulations.fmi.cage.decode import Expected
from simulations.fmi.cage.inside import probes
from simulations.fmi.cage.inside.probes import Targets
from simulations.fmi.cage.job import Kind
from simulations.fmi.cage.request import Answer, Request
from simulations.fmi.errors import ForbiddenSystemCall
from simulations.fmi.limits import Limits

_LIMITS = Limits(wall_seconds=10, cpu_seconds=5, memory_bytes=256 << 20)


class CageLevel(StrEnum):
    """How much isolation the self-test found; only FULL runs strangers' code in production."""

    FULL = "FULL"
    REDUCED = "REDUCED"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Findings:
    """attacks: each attack and what it got hold of, empty when stopped. broken: why the test could not be done."""

    attacks: dict[str, str]
    broken: str = ""

    @property
    def level(self) -> CageLevel:
        if self.broken or self.succeeded(but=probes.ONLY_LOOKING):
            return CageLevel.NONE
        return CageLevel.REDUCED if self.succeeded() else CageLevel.FULL

    def succeeded(self, *, but: tuple[str, ...] = ()) -> list[str]:
        """What the attacks that came through say, without those named."""
        return [got for name, got in self.attacks.items() if got and name not in but]

    @property
    def reason(self) -> str:
        """Why the level is not FULL."""
        return self.broken or "code in the cage " + "; ".join(self.succeeded())


def attack(cell: Cell) -> Findings:
    """Send our own attackers in, ask them what they got, and look at the targets ourselves."""
    with _laid_out(cell) as trap:
        answer = cell.perform(_request(trap.targets))
        forbidden = cell.perform(_request(trap.targets, forbidden=True))
        if answer.error is not None:
            return Findings({}, broken=answer.error.message)
        said = answer.collected.decoder.attacks or {}
        if set(said) != set(probes.ATTACKS):
            return Findings({}, broken="the attackers of the self-test did not report")
        return Findings({name: str(got) for name, got in said.items()} | _forbidden_call(forbidden) | trap.touched())


@dataclass(frozen=True, slots=True)
class _Trap:
    """The targets, and our own look at whether somebody touched them."""

    targets: Targets
    tcp: socket.socket
    abstract: socket.socket

    def touched(self) -> dict[str, str]:
        found = {}
        for name, listener in (("connect_tcp", self.tcp), ("connect_abstract", self.abstract)):
            if _has_visitor(listener):
                found[name] = "connected to a socket of this machine"
        if len(list(Path(self.targets.canary).parent.iterdir())) > 1:
            found["write_file"] = "wrote a file outside"
        return found


@contextmanager
def _laid_out(cell: Cell) -> Iterator[_Trap]:
    name = f"fmu-cage-{secrets.token_hex(8)}"
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as abstract,
    ):
        abstract.bind(f"\0{name}")
        abstract.listen()
        Path(folder).chmod(0o777)
        own = {*cell.plan.environment(), "PWD", "HOME", "TMPDIR"}  # these name folders inside
        canary = Path(folder) / "canary"
        canary.write_text("nobody in a cage can read this")
        targets = Targets(
            canary=str(canary),
            stores=[str(cell.plan.store), str(places.STORE), str(places.INCOMING)],
            port=tcp.getsockname()[1],
            abstract=name,
            pid=os.getpid(),
            environment=[name for name in os.environ if name not in own],
        )
        yield _Trap(targets, tcp, abstract)


def _has_visitor(listener: socket.socket) -> bool:
    return bool(select.select([listener], [], [], 0)[0])


def _request(targets: Targets, *, forbidden: bool = False) -> Request:
    return Request(
        kind=Kind.PROBE,
        folder=Cell.PROBED,
        payload={"targets": targets.dump(), "forbidden": forbidden},
        limits=_LIMITS,
        expected=Expected(),
    )


def _forbidden_call(answer: Answer) -> dict[str, str]:
    stopped = isinstance(answer.error, ForbiddenSystemCall)
    return {"forbidden_call": "" if stopped else "made a forbidden system call and lived"}
