"""One job for the cage: what the zygote and the warden are told. Strangers' data travels beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the inmate does."""

    RUN = "run"
    INTAKE = "intake"
    BUILD = "build"
    PROBE = "probe"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Bounds in seconds and bytes. `folder` is a bare name below the store, or below incoming for a job with output.

    fmu, scratch and output are paths as the inmate sees them; output is what it may write beside its scratch folder.
    uid is the user to become where no namespace hides the others.
    files names the descriptors that travel with the job, in their order.
    """

    kind: Kind
    folder: str
    fmu: str
    scratch: str
    output: str | None = None
    wall_seconds: float
    cpu_seconds: int
    address_space: int
    file_bytes: int
    scratch_bytes: int
    uid: int | None = None
    files: tuple[str, ...] = ()

    def dump(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, data: bytes) -> Job:
        fields = json.loads(data)
        return cls(**fields | {"kind": Kind(fields["kind"]), "files": tuple(fields["files"])})
