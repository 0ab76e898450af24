"""The door of the cage: what trusted code may ask for, and the only way in."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from simulations.fmi import attempts, values
from simulations.fmi.cage import answers, landing, layers, payloads, samples, selftest
from simulations.fmi.cage.cell import Cell
from simulations.fmi.cage.decode import Expected
from simulations.fmi.cage.job import Kind
from simulations.fmi.cage.layers import Layer
from simulations.fmi.cage.orders import BUILT
from simulations.fmi.cage.plan import CageUnavailable, Plan
from simulations.fmi.cage.request import Request
from simulations.fmi.cage.selftest import CageLevel, Findings
from simulations.fmi.cage.setting import Isolation
from simulations.fmi.errors import IntakeRefused, SandboxError
from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits

__all__ = ["Cage", "CageConfig", "CageLevel", "CageUnavailable"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INSPECTION_BYTES = 256 << 20
_ISOLATION = {
    CageLevel.FULL: Isolation.NAMESPACES,
    CageLevel.REDUCED: Isolation.LANDLOCK,
    CageLevel.NONE: Isolation.NOTHING,
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class CageConfig:
    """Where the cage works.

    store holds extracted FMUs, one folder a sha256. libraries: runtimes of old compilers, lent to FMUs read-only.
    allow_reduced accepts REDUCED; allow_none accepts even NONE, which is for development only.
    recycle_after: jobs until a new process with a new address layout takes over.
    best: the level to try first; less than FULL is for trying out what such a machine would do.
    """

    store: Path
    libraries: Path | None = None
    allow_reduced: bool = False
    allow_none: bool = False
    recycle_after: int = 500
    best: CageLevel = CageLevel.FULL

    def acceptable(self) -> list[CageLevel]:
        """The levels to try, the strongest first."""
        allowed = {
            CageLevel.FULL: True,
            CageLevel.REDUCED: self.allow_reduced or self.allow_none,
            CageLevel.NONE: self.allow_none,
        }
        not_beyond_best = list(CageLevel)[list(CageLevel).index(self.best) :]
        return [level for level in not_beyond_best if allowed[level]]


class Cage:
    """One warm cage: owned by one worker, runs one thing at a time. Use as a context manager or call close()."""

    level: CageLevel

    def __init__(self, cell: Cell, findings: Findings) -> None:
        self._cell = cell
        self.findings = findings
        self.level = findings.level

    @classmethod
    def start(cls, config: CageConfig) -> Self:
        """A cage that is warm and has passed its self-test. Raises CageUnavailable with the reason."""
        shortfalls = []
        for level in config.acceptable():
            try:
                cage = cls._try(config, level)
            except CageUnavailable as fault:
                shortfalls.append(f"{level}: {fault}")
            else:
                _log_level(level, shortfalls)
                return cage
        raise CageUnavailable("; ".join(shortfalls) or f"{config.best} is less than this server accepts")

    @classmethod
    def _try(cls, config: CageConfig, level: CageLevel) -> Self:
        """A cage of just this level. Raises CageUnavailable when its self-test finds less."""
        with ExitStack() as undo:
            cell = _open(config, level)
            undo.callback(cell.close)
            findings = selftest.attack(cell)
            if findings.level is not level:
                raise CageUnavailable(findings.reason)
            undo.pop_all()
        return cls(cell, findings)

    def layers(self) -> list[Layer]:
        """Each layer, whether it holds, and what was found: for `cage_check` and for people who run a server."""
        return list(layers.of(self._cell, self.findings))

    @property
    def starts(self) -> int:
        """How many processes this cage has had: one, and one more for each that was old, dead or hung."""
        return self._cell.starts

    def holds(self, sha256: str) -> bool:
        """Whether this FMU was taken in on this machine and still lies in the store."""
        return (self._cell.plan.store / _checked(sha256)).is_dir()

    def intake(self, archive: Path, *, sha256: str, limits: IntakeLimits) -> Inspection:
        """Unpack `archive` into store/<sha256>, read and judge it, all caged. Raises IntakeRefused, SandboxError.

        Nothing is left in the store when it is refused.
        """
        if archive.stat().st_size > limits.archive_bytes:
            raise IntakeRefused("archive_too_large", f"The file is larger than {limits.archive_bytes >> 20} MiB.")
        with self._cell.landing() as folder:
            inspection = self._inspect(archive, folder, limits)
            if inspection.verdict.rung == "compiled":
                inspection = self._build(folder, inspection, limits)
            landing.accept(folder, self._cell.plan.store / _checked(sha256))
        return inspection

    def run(
        self,
        sha256: str,
        experiments: Sequence[Experiment],
        *,
        inspection: Inspection,
        limits: Limits,
        on_progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> list[Outcome]:
        """Run experiments on store/<sha256>, one outcome each, in order. Never raises for what the FMU does.

        on_progress gets the share of simulated time reached, 0 to 1; should_stop is asked about four times a second.
        Raises FileNotFoundError when the FMU is not in the store: take it in first.
        """
        if not self.holds(sha256):
            raise FileNotFoundError(f"FMU {sha256} is not in the cage's store; take it in first.")
        outcomes = []
        for experiment in experiments:
            plan = attempts.planned(inspection, experiment)
            known = inspection if experiment.outputs is None else inspection.narrowed(experiment.names)
            request = Request(
                kind=Kind.RUN,
                folder=sha256,
                payload=payloads.for_run(experiment, known, limits),
                limits=limits,
                expected=Expected(
                    outputs=_expected_outputs(experiment, inspection),
                    sizes=values.sizes(known, experiment.start_values),
                    values=limits.values,
                    attempts=len(plan),
                ),
                on_progress=on_progress or (lambda share: None),
                should_stop=should_stop or (lambda: False),
            )
            ended, attempt = answers.outcome(self._cell.perform(request))
            ended = answers.described(ended, known)
            ran = attempts.fitted(inspection, experiment, plan[attempt])
            outcomes.append(ended if ran is experiment else replace(ended, effective=ran))
        return outcomes

    def close(self) -> None:
        """End every process of the cage."""
        self._cell.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _inspect(self, archive: Path, folder: Path, limits: IntakeLimits) -> Inspection:
        request = Request(
            kind=Kind.INTAKE,
            folder=folder.name,
            payload=payloads.for_intake(limits),
            limits=limits,
            expected=Expected(json_bytes=_INSPECTION_BYTES),
            archive=archive,
        )
        return answers.inspection(self._cell.perform(request))

    def _build(self, folder: Path, inspection: Inspection, limits: IntakeLimits) -> Inspection:
        """Compile what the FMU brings as sources, in a cell of its own where programs may be started."""
        if shutil.which("gcc") is None:
            reason = "there is no compiler on this server for its sources"
            return replace(inspection, verdict=answers.refusal("no_compiler", reason))
        landing.check(folder)
        shutil.rmtree(folder / BUILT, ignore_errors=True)
        request = Request(
            kind=Kind.BUILD,
            folder=folder.name,
            payload=payloads.for_build(inspection, limits),
            limits=limits,
            expected=Expected(json_bytes=_INSPECTION_BYTES),
        )
        with closing(_open_workshop(self._cell.plan)) as workshop:
            workshop.make_writable(folder / BUILT)
            return answers.built(workshop.perform(request), inspection)


def _open(config: CageConfig, level: CageLevel) -> Cell:
    store = config.store.absolute()
    try:
        plan = Plan(
            isolation=_ISOLATION[level],
            store=store,
            libraries=config.libraries.absolute() if config.libraries else None,
            samples=samples.unpacked(store),
        )
        return Cell.open(plan, recycle_after=config.recycle_after)
    except OSError as error:
        raise CageUnavailable(f"the folder {store} cannot be used: {error}") from error


def _open_workshop(plan: Plan) -> Cell:
    """Where a compiler may be started. Raises SandboxError."""
    try:
        return Cell.open(replace(plan, compiles=True, samples=None), recycle_after=2)
    except CageUnavailable as fault:
        raise SandboxError(f"The cage could not be set up: {fault}") from fault


def _log_level(level: CageLevel, shortfalls: list[str]) -> None:
    if level is not CageLevel.FULL:
        logger.warning("cage=%s strangers' FMUs are not fully isolated here. %s", level, "; ".join(shortfalls))


def _checked(sha256: str) -> str:
    """Raises ValueError for what is not a digest, so that it can be a folder's name."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256[:100]!r} is not a SHA-256 digest in lower case.")
    return sha256


def _expected_outputs(experiment: Experiment, inspection: Inspection) -> frozenset[str]:
    if experiment.outputs is not None:
        return frozenset(experiment.outputs)
    return frozenset(variable.name for variable in inspection.variables)
