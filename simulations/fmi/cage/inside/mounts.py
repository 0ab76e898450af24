"""What a job sees of the file system: the static root, its own FMU and a scratch folder, nothing of anybody else.

Mount namespaces and tmpfs limits are as old as Linux 3.8 (with user namespaces); bubblewrap built the root.
"""

from __future__ import annotations

import os

from simulations.fmi.cage.inside import kernel
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.places import FMU, INCOMING, SAMPLES, SCRATCH, STORE

_HARMLESS = kernel.MS_NOSUID | kernel.MS_NODEV
_SCRATCH_INODES = 4096


def enter(job: Job) -> None:
    """Move this process into namespaces of its own and lay out the job's view.

    The store leaves the tree (MNT_DETACH) once the one FMU is bound, so no path leads to another one.
    """
    os.unshare(os.CLONE_NEWNS | os.CLONE_NEWIPC)
    _show_fmu(job)
    _mount_scratch(job)
    for place in (STORE, INCOMING, SAMPLES):
        if os.path.ismount(place):
            kernel.unmount(str(place))


def _show_fmu(job: Job) -> None:
    source = (INCOMING if job.output else STORE) / job.folder
    kernel.mount(str(source), str(FMU), None, kernel.MS_BIND)
    mode = 0 if job.output else kernel.MS_RDONLY
    kernel.mount("none", str(FMU), None, kernel.MS_BIND | kernel.MS_REMOUNT | _HARMLESS | mode)


def _mount_scratch(job: Job) -> None:
    options = f"size={job.scratch_bytes},nr_inodes={_SCRATCH_INODES},mode=1777"
    kernel.mount("scratch", str(SCRATCH), "tmpfs", _HARMLESS | kernel.MS_NOEXEC, options)
