"""Where things lie inside the cage."""

from __future__ import annotations

from pathlib import Path

PYTHON = Path("/python")  # the interpreter and its standard library
SITE = Path("/site")  # the few packages that a run needs
CODE = Path("/code")  # simulations/fmi
LIBRARIES = Path("/libraries")  # runtimes of old compilers, for FMUs that bring none
SAMPLES = Path("/samples")  # our own FMUs, for the warm-up
STORE = Path("/store")  # every extracted FMU: the zygote sees it, a job does not
INCOMING = Path("/incoming")  # where intakes unpack
FMU = Path("/fmu")  # the job's own FMU
SCRATCH = Path("/tmp")  # noqa: S108  the job's own tmpfs
