"""A 64-bit little-endian ELF file through its program headers, as the loader sees it.

Source: System V ABI, chapters 4 and 5; symbol versions: Linux Standard Base, "Symbol Versioning". No offset that the
file gives is trusted: whatever leads out of the file raises one of FAULTS.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator

FAULTS = (struct.error, LookupError, ValueError, OverflowError)
NEEDED, SONAME, RPATH, RUNPATH = 1, 14, 15, 29
_PT_LOAD, _PT_DYNAMIC = 1, 2
_HASH, _STRTAB, _SYMTAB = 4, 5, 6
_GNU_HASH = 0x6FFFFEF5
_VERDEF, _VERDEFNUM, _VERNEED, _VERNEEDNUM = 0x6FFFFFFC, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF
_SYMBOL_BYTES = 24
_MAX_SYMBOLS = 1 << 20
_MAX_NAME = 4096


class Image:
    """One file. Every method may raise one of FAULTS when the file is broken."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        offset, size, count = self._at("<Q", 32)[0], *self._at("<HH", 54)
        headers = [self._at("<IIQQQQQQ", offset + index * size) for index in range(count)]
        self._loads = [(address, at, length) for kind, _, at, address, _, length, *_ in headers if kind == _PT_LOAD]
        dynamic = [(at, length) for kind, _, at, _, _, length, *_ in headers if kind == _PT_DYNAMIC]
        self._entries = [entry for at, length in dynamic for entry in self._dynamic(at, length)]
        self._first = dict(reversed(self._entries))

    def texts(self, tag: int) -> Iterator[str]:
        """The names of all dynamic entries of one kind."""
        if _STRTAB in self._first:
            yield from (self._string(value) for key, value in self._entries if key == tag)

    def exports(self) -> Iterator[str]:
        """Names of defined global symbols."""
        symbols = self._table(_SYMTAB)
        for index in range(1, min(self._symbol_count(), _MAX_SYMBOLS)):
            name, info, _, section = self._at("<IBBH", symbols + index * _SYMBOL_BYTES)
            if section != 0 and info >> 4 in {1, 2, 10}:
                yield self._string(name)

    def required_versions(self) -> Iterator[tuple[str, str]]:
        """Library and version of every group of symbols that it binds to."""
        if _VERNEED not in self._first:
            return
        at = self._table(_VERNEED)
        for _ in range(self._first.get(_VERNEEDNUM, 0)):
            _, count, file, first, following = self._at("<HHIII", at)
            part = at + first
            for _ in range(count):
                _, _, _, name, step = self._at("<IHHII", part)
                yield self._string(file), self._string(name)
                part += step
            at += following

    def defined_versions(self) -> Iterator[str]:
        """Versions of symbols that it offers."""
        if _VERDEF not in self._first:
            return
        at = self._table(_VERDEF)
        for _ in range(self._first.get(_VERDEFNUM, 0)):
            first, following = self._at("<II", at + 12)
            yield self._string(self._at("<I", at + first)[0])
            at += following

    def _symbol_count(self) -> int:
        if _HASH in self._first:
            return int(self._at("<II", self._table(_HASH))[1])
        return self._count_by_gnu_hash(self._table(_GNU_HASH))

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

    def _table(self, tag: int) -> int:
        """Where the table that a dynamic entry points to lies in the file."""
        address = self._first[tag]
        for start, at, length in self._loads:
            if start <= address < start + length:
                return at + address - start
        raise ValueError(address)

    def _at(self, form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(form, self._data, offset)

    def _string(self, index: int) -> str:
        offset = self._table(_STRTAB) + index
        end = self._data.find(b"\0", offset, offset + _MAX_NAME)
        if end < 0:
            raise ValueError(offset)
        return self._data[offset:end].decode(errors="replace")
