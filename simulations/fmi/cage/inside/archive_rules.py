"""What the entries of an archive may be called, be, and weigh."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.limits import IntakeLimits

_LOCAL_HEADER_BYTES = 30
_LONGEST_NAME, _LONGEST_PART, _DEEPEST = 1024, 255, 32
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1 | 0x40 | 0x2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its name made safe: parts are neither empty nor dots, and there is at least one."""

    info: zipfile.ZipInfo
    parts: tuple[str, ...]

    @property
    def is_folder(self) -> bool:
        return self.info.filename.endswith(("/", "\\"))

    @property
    def shown(self) -> str:
        return _shown(self.info.filename)


def check(infos: Iterable[zipfile.ZipInfo], limits: IntakeLimits) -> list[Entry]:
    """The entries in the archive's order. Raises IntakeRefused at the first rule that one of them breaks."""
    infos = list(infos)
    if len(infos) > limits.entries:
        raise too_many_files(limits)
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise IntakeRefused("zip_bomb", f"The archive unpacks to more than {limits.unpacked_bytes >> 20} MiB.")
    _check_overlaps(infos)
    entries = [Entry(info, _parts(info)) for info in infos]
    for entry in entries:
        _check_kind(entry)
    _check_conflicts(entries)
    return [entry for entry in entries if entry.parts]


def too_many_files(limits: IntakeLimits) -> IntakeRefused:
    return IntakeRefused("too_many_files", f"The archive holds more than {limits.entries:,} files.")


def _check_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes make an archive unpack to far more than it weighs."""
    spans = sorted((info.header_offset, info.compress_size, info.filename) for info in infos)
    for (start, size, _), (following, _, name) in pairwise(spans):
        if start + _LOCAL_HEADER_BYTES + size > following:
            raise IntakeRefused("overlapping_entries", f"{_shown(name)} shares its bytes with another entry.")


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The name as path components. Some Windows exporters write backslashes; every rule holds for those as well."""
    name = info.orig_filename.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name):
        raise IntakeRefused("absolute_path", f"{_shown(name)} is an absolute path; an FMU holds relative ones only.")
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if ".." in parts:
        raise IntakeRefused("zip_slip", f"{_shown(name)} would be written outside its folder.")
    if any(ord(character) < ord(" ") or character in ':\x7f"<>|?*' for character in name):
        raise IntakeRefused("illegal_path", f"{_shown(name)} has characters that no file name may have.")
    if len(name) > _LONGEST_NAME or len(parts) > _DEEPEST or any(len(_bytes(part)) > _LONGEST_PART for part in parts):
        raise IntakeRefused("path_too_long", f"{_shown(name)} is too long or too deep a path.")
    return parts


def _bytes(part: str) -> bytes:
    return part.encode("utf-8", "surrogatepass")


def _check_kind(entry: Entry) -> None:
    """Plain files and folders, deflated or stored, in the clear. The upper half of external_attr is a Unix mode."""
    info = entry.info
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise IntakeRefused("link_in_archive", f"{entry.shown} is a link; put the file itself into the archive.")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise IntakeRefused("special_file", f"{entry.shown} is a device, pipe or socket.")
    if info.flag_bits & _ENCRYPTED:
        raise IntakeRefused("encrypted_archive", f"{entry.shown} is encrypted. Export the FMU without a password.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        message = f"{entry.shown} is compressed in a way that FMI does not use; zip it with deflate."
        raise IntakeRefused("unsupported_compression", message)


def _check_conflicts(entries: list[Entry]) -> None:
    """No two entries for one path, none that differ only in case, and no file that is also a folder."""
    files: dict[tuple[str, ...], Entry] = {}
    folders: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in entries:
        if not entry.is_folder:
            _check_twin(files.get(_folded(entry.parts)), entry)
            files[_folded(entry.parts)] = entry
    for entry in entries:
        for depth in range(1, len(entry.parts) + entry.is_folder):
            folder = entry.parts[:depth]
            if _folded(folder) in files:
                raise IntakeRefused("conflicting_paths", f"{entry.shown} lies below a file, not a folder.")
            if folders.setdefault(_folded(folder), folder) != folder:
                raise _case_duplicate(entry)


def _check_twin(other: Entry | None, entry: Entry) -> None:
    if other is None:
        return
    if other.parts == entry.parts:
        raise IntakeRefused("duplicate_path", f"{entry.shown} is in the archive twice.")
    raise _case_duplicate(entry)


def _case_duplicate(entry: Entry) -> IntakeRefused:
    return IntakeRefused("case_duplicate", f"{entry.shown} is in the archive twice, in upper and lower case.")


def _folded(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part).casefold() for part in parts)


def _shown(name: str) -> str:
    """A name that is safe to print: quoted, control characters escaped, shortened in the middle."""
    text = ascii(str(PurePosixPath(name)) if name else name)
    return text if len(text) <= 100 else f"{text[:60]}...{text[-35:]}"
