"""Results in the storage: one .npy file a simulation, a structured array, never a pickle."""

from __future__ import annotations

import io
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from numpy.typing import NDArray

from simulations.fmi.experiment import Result
from simulations.models import Simulation
from simulations.services import files

_IN_MEMORY_BYTES = 8 << 20


def store(simulation: Simulation, result: Result) -> str:
    """Write the data of a result; its name in the storage.

    Each attempt has a name of its own: a run that lost its lease overwrites nothing.
    """
    name = f"results/{simulation.public_id[-2:]}/{simulation.public_id}-{secrets.token_hex(4)}.npy"
    if result.data.nbytes <= _IN_MEMORY_BYTES:
        buffer = io.BytesIO()
        np.save(buffer, result.data, allow_pickle=False)
        return files.save(name, File(buffer))
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        np.save(file, result.data, allow_pickle=False)
        return files.save(name, File(file))


@contextmanager
def opened(name: str) -> Iterator[NDArray[np.void]]:
    """The stored data, mapped and not read: (T,) structured array. Valid inside the block."""
    try:
        path = default_storage.path(name)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".npy") as copy:
            with default_storage.open(name) as stored:
                shutil.copyfileobj(stored, copy)
            copy.flush()
            yield np.load(copy.name, mmap_mode="r", allow_pickle=False)
    else:
        yield np.load(path, mmap_mode="r", allow_pickle=False)


def delete(name: str) -> None:
    default_storage.delete(name)
