"""The door of the cage: what trusted code may ask for, and the only way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits


class CageLevel(StrEnum):
    """How much isolation the self-test found; only FULL runs strangers' code in production."""

    FULL = "FULL"
    REDUCED = "REDUCED"
    NONE = "NONE"


@dataclass(frozen=True, kw_only=True, slots=True)
class CageConfig:
    """Where the cage works. `store` holds extracted FMUs, one folder a sha256; `allow_reduced` accepts less than FULL."""

    store: Path
    allow_reduced: bool = False
    recycle_after: int = 500


class Cage:
    """One warm cage: owned by one worker, runs one thing at a time. Use as a context manager or call close()."""

    level: CageLevel

    @classmethod
    def start(cls, config: CageConfig) -> Self:
        """A cage that is warm and has passed its self-test. Raises CageUnavailable with the reason."""
        raise NotImplementedError

    def intake(self, archive: Path, *, sha256: str, limits: IntakeLimits) -> Inspection:
        """Unpack `archive` into store/<sha256>, read and judge it, all caged. Raises IntakeRefused, SandboxError.

        Nothing is left in the store when it is refused.
        """
        raise NotImplementedError

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
        """
        raise NotImplementedError

    def close(self) -> None:
        """End every process of the cage."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
