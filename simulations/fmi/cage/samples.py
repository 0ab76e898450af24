"""Our own sample FMUs, unpacked for the zygote to exercise before it ever forks."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import simulations

_ARCHIVES = Path(simulations.__file__).parent / "samples"


def unpacked(store: Path) -> Path:
    """A folder with a folder for each sample, made once for each version of the samples and shared by all workers."""
    archives = sorted(_ARCHIVES.glob("*.fmu"))
    digest = hashlib.sha256(b"".join(archive.read_bytes() for archive in archives)).hexdigest()
    folder = store / f".samples-{digest[:16]}"
    if not folder.is_dir():
        _unpack(archives, folder)
    return folder


def _unpack(archives: list[Path], folder: Path) -> None:
    """Built beside and renamed, so that nobody sees half of it; another worker may be faster."""
    draft = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}")
    draft.mkdir(parents=True)
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(draft / archive.stem)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with suppress(OSError):
        draft.rename(folder)
    shutil.rmtree(draft, ignore_errors=True)
