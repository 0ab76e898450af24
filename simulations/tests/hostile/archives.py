"""Archives that no honest exporter writes, made byte by byte where zipfile refuses to."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from simulations.tests.hostile.workshop import DESCRIPTION

Maker = Callable[[], bytes]
_XML = DESCRIPTION.encode()
_MODEL = b"<fmiModelDescription fmiVersion='2.0' modelName='m' guid='g'>"


def archive(entries: dict[str, bytes] | None = None, *, description: bytes | None = _XML) -> bytes:
    """A zip archive with these entries after a modelDescription.xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        if description is not None:
            opened.writestr("modelDescription.xml", description)
        for name, content in (entries or {}).items():
            opened.writestr(name, content)
    return buffer.getvalue()


def entry(name: str, content: bytes = b"x", *, mode: int = 0, compression: int = zipfile.ZIP_STORED) -> bytes:
    """An archive whose last entry has a mode of its own (the upper half of external_attr)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        opened.writestr("modelDescription.xml", _XML)
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = mode << 16
        info.compress_type = compression
        opened.writestr(info, content)
    return buffer.getvalue()


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same archive with some bytes of its headers changed."""
    assert old in data
    return data.replace(old, new)


def twice(first: str, second: str) -> bytes:
    """Two entries whose names are made alike after the archive was written."""
    assert len(first) == len(second)
    return patched(archive({first: b"1", second: b"2"}), second.encode(), first.encode())


def overlapping() -> bytes:
    """Every entry of the directory points at the same bytes (a bomb after David Fifield's idea)."""
    data = archive({f"f{n}": b"same" for n in range(5)})
    first = data.index(b"f0") - 30
    for record in _central_records(data):
        if data[record + 46 : record + 47] == b"f":
            data = data[: record + 42] + struct.pack("<L", first) + data[record + 46 :]
    return data


def _central_records(data: bytes) -> list[int]:
    found, start = [], 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        found.append(start)
        start += 4
    return found


def lying_size() -> bytes:
    """The directory says 3 bytes, the stream holds 3 million."""
    data = archive({"bomb": b"\0" * 3_000_000})
    return patched(data, struct.pack("<L", 3_000_000), struct.pack("<L", 3))


def bomb() -> bytes:
    """600 MiB of zeros."""
    return archive({f"zeros{n}": b"\0" * (100 << 20) for n in range(6)})


def quiet_bomb() -> bytes:
    """The same, but the headers claim little: the size is only found out while unpacking."""
    data = bomb()
    return patched(data, struct.pack("<L", 100 << 20), struct.pack("<L", 100))


def wrong_checksum() -> bytes:
    return patched(archive({"a": b"x"}), struct.pack("<L", zlib.crc32(b"x")), b"abcd")


def without_description(name: str) -> bytes:
    return archive({name: _XML}, description=None)


def encrypted() -> bytes:
    data = entry("secret", b"x" * 20)
    for record in _central_records(data)[1:]:
        data = data[: record + 8] + b"\x01\x00" + data[record + 10 :]
    return data


def many(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("modelDescription.xml", _XML)
        for n in range(count):
            opened.writestr(f"f{n}", b"")
    return buffer.getvalue()


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return archive(description=f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'.encode())


def quadratic_blowup() -> bytes:
    return archive(description=f'<!DOCTYPE x [<!ENTITY a "{"a" * 50000}">]><x>{"&a;" * 50000}</x>'.encode())


def external_entity(address: str) -> bytes:
    return archive(description=f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><x>&e;</x>'.encode())


def in_utf16(text: str) -> bytes:
    """A DOCTYPE that a search for ASCII bytes does not see."""
    return archive(description=f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16"))


def includes() -> bytes:
    inside = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    return archive(description=_MODEL + inside + b"</fmiModelDescription>")


def deep() -> bytes:
    return archive(description=_MODEL + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</fmiModelDescription>")


def with_variables(count: int) -> bytes:
    one = b"<ScalarVariable/>"
    return archive(description=_MODEL + b"<ModelVariables>" + one * count + b"</ModelVariables></fmiModelDescription>")


def with_identifier(identifier: str) -> bytes:
    return archive(description=_XML.replace(b'modelIdentifier="hostile"', f'modelIdentifier="{identifier}"'.encode()))


LINK, FIFO, SOCKET = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o666, stat.S_IFSOCK | 0o666
BLOCK, CHARACTER = stat.S_IFBLK | 0o666, stat.S_IFCHR | 0o666

# The code that the refusal carries, and what is refused.
REFUSED: dict[str, tuple[str, Maker]] = {
    "empty_file": ("not_a_zip", lambda: b""),
    "not_a_zip": ("not_a_zip", lambda: b"MZ" + b"\0" * 1000),
    "only_an_end_record": ("no_model_description", lambda: b"PK\x05\x06" + b"\0" * 18),
    "end_record_that_lies": ("not_a_zip", lambda: b"PK\x05\x06\0\0\0\0\x05\0\x05\0" + b"\xff\xff\0\0" * 2 + b"\0\0"),
    "cut_in_half": ("not_a_zip", lambda: archive({"data": b"x" * 9999})[:-40]),
    "gzip": ("not_a_zip", lambda: zlib.compress(_XML)),
    "slip": ("zip_slip", lambda: archive({"../../evil": b"x"})),
    "slip_in_the_middle": ("zip_slip", lambda: archive({"resources/../../evil": b"x"})),
    "slip_with_backslashes": ("zip_slip", lambda: archive({"..\\..\\evil": b"x"})),
    "absolute": ("absolute_path", lambda: archive({"/etc/cron.d/evil": b"x"})),
    "absolute_with_backslash": ("absolute_path", lambda: archive({"\\evil": b"x"})),
    "drive": ("absolute_path", lambda: archive({"C:/evil": b"x"})),
    "network_share": ("absolute_path", lambda: archive({"\\\\server\\share\\evil": b"x"})),
    "nul_in_a_name": ("illegal_path", lambda: patched(archive({"aXb": b"x"}), b"aXb", b"a\0b")),
    "newline_in_a_name": ("illegal_path", lambda: archive({"a\nb": b"x"})),
    "escape_code_in_a_name": ("illegal_path", lambda: archive({"a\x1b[2Jb": b"x"})),
    "colon_in_a_name": ("illegal_path", lambda: archive({"resources/a:stream": b"x"})),
    "long_name": ("path_too_long", lambda: archive({"a" * 300: b"x"})),
    "long_path": ("path_too_long", lambda: archive({"/".join(["abcdefgh"] * 200): b"x"})),
    "deep_path": ("path_too_long", lambda: archive({"/".join("a" * 100): b"x"})),
    "symlink": ("link_in_archive", lambda: entry("resources/link", b"/etc/passwd", mode=LINK)),
    "symlink_as_description": ("link_in_archive", lambda: entry("modelDescription.xml2", b"/etc/passwd", mode=LINK)),
    "block_device": ("special_file", lambda: entry("disk", mode=BLOCK)),
    "character_device": ("special_file", lambda: entry("memory", mode=CHARACTER)),
    "fifo": ("special_file", lambda: entry("pipe", mode=FIFO)),
    "socket": ("special_file", lambda: entry("socket", mode=SOCKET)),
    "duplicate": ("duplicate_path", lambda: twice("resources/a", "resources/b")),
    "duplicate_description": ("duplicate_path", lambda: patched(
        archive({"modelDescription.xmm": b"<x/>"}), b"modelDescription.xmm", b"modelDescription.xml")),
    "duplicate_by_dots": ("duplicate_path", lambda: archive({"resources/a": b"1", "resources/./a": b"2"})),
    "case_duplicate": ("case_duplicate", lambda: archive({"resources/a": b"1", "resources/A": b"2"})),
    "case_duplicate_folder": ("case_duplicate", lambda: archive({"resources/a": b"1", "Resources/b": b"2"})),
    "unicode_duplicate": ("case_duplicate", lambda: archive({"\u00e9": b"1", "e\u0301": b"2"})),
    "file_that_is_a_folder": ("conflicting_paths", lambda: archive({"resources": b"1", "resources/a": b"2"})),
    "overlap": ("overlapping_entries", overlapping),
    "bomb": ("zip_bomb", bomb),
    "quiet_bomb": ("corrupt_entry", quiet_bomb),
    "lying_header": ("corrupt_entry", lying_size),
    "wrong_checksum": ("corrupt_entry", wrong_checksum),
    "two_names": ("corrupt_entry", lambda: archive({"first": b"x"}).replace(b"first", b"other", 1)),
    "20k_entries": ("too_many_files", lambda: many(20_000)),
    "encrypted": ("encrypted_archive", encrypted),
    "bzip2": ("unsupported_compression", lambda: entry("a", compression=zipfile.ZIP_BZIP2)),
    "lzma": ("unsupported_compression", lambda: entry("a", compression=zipfile.ZIP_LZMA)),
    "no_description": ("no_model_description", lambda: without_description("readme")),
    "description_in_a_folder": ("no_model_description", lambda: without_description("m/modelDescription.xml")),
    "description_is_a_folder": ("no_model_description", lambda: without_description("modelDescription.xml/a")),
    "billion_laughs": ("doctype", billion_laughs),
    "quadratic_blowup": ("doctype", quadratic_blowup),
    "external_entity_file": ("doctype", lambda: external_entity("file:///etc/passwd")),
    "external_entity_web": ("doctype", lambda: external_entity("http://127.0.0.1/")),
    "doctype_in_utf16": ("doctype", lambda: in_utf16('<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>')),
    "xinclude": ("xinclude", includes),
    "deep_nesting": ("xml_too_deep", deep),
    "million_variables": ("too_many_variables", lambda: with_variables(1_000_000)),
    "no_xml": ("bad_model_description", lambda: archive(description=b"hello")),
    "other_xml": ("bad_model_description", lambda: archive(description=b"<html/>")),
    "path_as_identifier": ("bad_model_identifier", lambda: with_identifier("../../../../tmp/evil")),
    "absolute_identifier": ("bad_model_identifier", lambda: with_identifier("/tmp/evil")),
    "dots_as_identifier": ("bad_model_identifier", lambda: with_identifier("..")),
}  # fmt: skip
