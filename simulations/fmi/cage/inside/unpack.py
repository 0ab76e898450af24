"""Unpacking an archive: every entry is named, measured and typed before the first byte of any is written."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from simulations.fmi.cage.inside import archive_rules
from simulations.fmi.cage.inside.archive_rules import Entry
from simulations.fmi.errors import IntakeRefused
from simulations.fmi.limits import IntakeLimits

_CHUNK = 1 << 20
# What zipfile raises for headers and streams that make no sense.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    OSError,
)
_NOT_A_ZIP = "The file is not a zip archive, so it is not an FMU. Upload the .fmu file that the tool exported."
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_LONGEST_COMMENT = 1 << 16
_DIRECTORY_BYTES_PER_ENTRY = 1 << 10


def unpack(archive: int, folder: Path, limits: IntakeLimits) -> None:
    """Write the entries of the zip archive at descriptor `archive` below `folder`. Raises IntakeRefused.

    Source of the format: PKWARE's APPNOTE.TXT 6.3.10.
    """
    with os.fdopen(archive, "rb") as file:
        _check_directory_size(file, limits)
        with _open(file) as opened:
            entries = archive_rules.check(opened.infolist(), limits)
            _write_all(opened, entries, folder)


def _check_directory_size(file: BinaryIO, limits: IntakeLimits) -> None:
    """Look at the end record before zipfile makes an object for every entry that the directory claims."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = file.read()
    found = tail.rfind(_END_SIGNATURE)
    if found < 0 or found + _END.size > len(tail):
        raise IntakeRefused("not_a_zip", _NOT_A_ZIP)
    *_, count, directory_bytes, _, _ = _END.unpack_from(tail, found)
    if count > limits.entries or directory_bytes > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise archive_rules.too_many_files(limits)


def _open(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise IntakeRefused(
            "not_a_zip", f"The zip archive is damaged ({error}). Export or upload the FMU again."
        ) from error


def _write_all(opened: zipfile.ZipFile, entries: list[Entry], folder: Path) -> None:
    for entry in entries:
        target = folder.joinpath(*entry.parts)
        if entry.is_folder:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(opened, entry, target)


def _write(opened: zipfile.ZipFile, entry: Entry, target: Path) -> None:
    """Unpack one file; O_EXCL and O_NOFOLLOW hold even if a rule has a hole.

    zipfile reads no more than the directory says, so the sum of the sizes, which was checked, bounds what is written.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in _content(opened, entry):
            file.write(chunk)


def _content(opened: zipfile.ZipFile, entry: Entry) -> Iterator[bytes]:
    """The entry in pieces. OSError here is a header that leads outside the file; writing fails in the caller."""
    try:
        with opened.open(entry.info) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except _DAMAGE as error:
        message = f"{entry.shown} in the archive is damaged. Export or upload the FMU again."
        raise IntakeRefused("corrupt_entry", message) from error
