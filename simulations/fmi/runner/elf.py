"""What a shared library says about itself, read from its bytes: for which machine, what it needs, what it exports.

Source: System V ABI, chapters 4 and 5; the reader trusts no offset that the file gives.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["elf", "pe", "mach-o", "unknown"]
MACHINES = {3: "x86", 62: "x86_64", 40: "arm", 183: "aarch64", 243: "riscv64", 21: "ppc64"}
_MACH_O = {b"\xfe\xed\xfa\xce", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"}
_SHARED = 3  # e_type of a shared library
_PT_LOAD, _PT_DYNAMIC = 1, 2
_NEEDED, _HASH, _STRTAB, _SYMTAB, _STRSZ, _SONAME = 1, 4, 5, 6, 10, 14
_GNU_HASH = 0x6FFFFEF5
_SYMBOL_BYTES = 24
_MAX_SYMBOLS = 1 << 20
_MAX_NAME = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLibrary:
    """One binary. machine and bits are set for ELF only, the rest for 64-bit little-endian ELF only."""

    kind: Kind
    machine: str | None = None
    bits: int | None = None
    is_shared: bool = False
    needed: tuple[str, ...] = ()
    soname: str | None = None
    exports: frozenset[str] = frozenset()

    @property
    def runs_on_this_machine(self) -> bool:
        return self.kind == "elf" and self.machine == "x86_64" and self.bits == 64 and self.is_shared


def read(path: Path) -> SharedLibrary:
    """The library at `path`; kind is "unknown" for what is none."""
    with path.open("rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF" or len(head) < 20:
            return SharedLibrary(kind=_other_kind(head))
        bits = {1: 32, 2: 64}.get(head[4])
        order = "<" if head[5] == 1 else ">"
        kind, machine = struct.unpack_from(order + "HH", head, 16)
        known = SharedLibrary(
            kind="elf", machine=MACHINES.get(machine, f"machine {machine}"), bits=bits, is_shared=kind == _SHARED
        )
        if not known.runs_on_this_machine or order != "<" or len(head) < 64:
            return known
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _with_dynamic(known, data)


def _other_kind(head: bytes) -> Kind:
    if head[:2] == b"MZ":
        return "pe"
    return "mach-o" if head[:4] in _MACH_O else "unknown"


def _with_dynamic(known: SharedLibrary, data: mmap.mmap) -> SharedLibrary:
    try:
        image = _Image(data)
        return SharedLibrary(
            kind="elf",
            machine=known.machine,
            bits=known.bits,
            is_shared=True,
            needed=tuple(image.texts(_NEEDED)),
            soname=next(image.texts(_SONAME), None),
            exports=frozenset(image.exports()),
        )
    except (struct.error, LookupError, ValueError, OverflowError):
        return known


class _Image:
    """A 64-bit little-endian ELF file through its program headers, as the loader sees it."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        offset, size, count = self._at("<Q", 32)[0], *self._at("<HH", 54)
        headers = [self._at("<IIQQQQQQ", offset + index * size) for index in range(count)]
        self._loads = [(address, at, length) for kind, _, at, address, _, length, *_ in headers if kind == _PT_LOAD]
        self._entries = [entry for kind, _, at, _, _, length, *_ in headers if kind == _PT_DYNAMIC
                         for entry in self._dynamic(at, length)]  # fmt: skip
        self._first = dict(reversed(self._entries))

    def texts(self, tag: int) -> Iterator[str]:
        """The names of all dynamic entries of one kind."""
        table = self._first.get(_STRTAB)
        if table is not None:
            yield from (self._text(self._offset(table) + value) for key, value in self._entries if key == tag)

    def exports(self) -> Iterator[str]:
        """Names of defined global symbols that hold code or data."""
        symbols, strings = self._offset(self._first[_SYMTAB]), self._offset(self._first[_STRTAB])
        for index in range(1, min(self._symbol_count(), _MAX_SYMBOLS)):
            name, info, _, section = self._at("<IBBH", symbols + index * _SYMBOL_BYTES)
            if section != 0 and info >> 4 in {1, 2, 10}:
                yield self._text(strings + name)

    def _symbol_count(self) -> int:
        if _HASH in self._first:
            return int(self._at("<II", self._offset(self._first[_HASH]))[1])
        return self._count_by_gnu_hash(self._offset(self._first[_GNU_HASH]))

    def _count_by_gnu_hash(self, at: int) -> int:
        """The last symbol is the end of the chain of the highest bucket."""
        buckets, first, words, _ = self._at("<IIII", at)
        start = at + 16 + 8 * words
        last = max(self._at(f"<{buckets}I", start), default=0)
        if last < first:
            return int(first)
        chain = start + 4 * buckets
        while not self._at("<I", chain + 4 * (last - first))[0] & 1:
            last += 1
        return int(last) + 1

    def _dynamic(self, at: int, length: int) -> Iterator[tuple[int, int]]:
        for index in range(length // 16):
            tag, value = self._at("<QQ", at + 16 * index)
            if tag == 0:
                return
            yield tag, value

    def _offset(self, address: int) -> int:
        """Where an address of the loaded image lies in the file."""
        for start, at, length in self._loads:
            if start <= address < start + length:
                return at + address - start
        raise ValueError(address)

    def _at(self, form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(form, self._data, offset)

    def _text(self, offset: int) -> str:
        end = self._data.find(b"\0", offset, offset + _MAX_NAME)
        if end < 0:
            raise ValueError(offset)
        return self._data[offset:end].decode(errors="replace")
