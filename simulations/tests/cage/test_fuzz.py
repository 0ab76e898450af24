"""Bytes that nobody thought of. FUZZ_EXAMPLES says how many; `make fuzz` tries for longer."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulations.fmi.cage.inside import archive_rules, screen, unpack
from simulations.fmi.errors import BadResult, IntakeRefused, OutputLimitExceeded
from simulations.fmi.limits import IntakeLimits
from simulations.tests.cage.test_frames import OUTPUTS, a_result, decoded, sent
from simulations.tests.hostile import archives
from simulations.tests.hostile.workshop import DESCRIPTION

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SMALL = IntakeLimits(archive_bytes=1 << 20, unpacked_bytes=4 << 20, entries=100, variables=100)
GOOD_STREAM = sent(a_result(20), notes=("a note",))
GOOD_ARCHIVE = archives.archive({"resources/a.txt": b"42" * 50, "binaries/linux64/m.so": b"\x7fELF" * 30})
NAMES = st.text(min_size=1, max_size=40) | st.from_regex(r"(\.\.|\.|a|A|/|\\){1,8}", fullmatch=True)


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """A few bytes changed, cut out, doubled or put in: close enough to pass the first checks."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 12))
        doubled = bytes(data[start : start + length]) * 2
        data[start : start + length] = draw(st.binary(max_size=12) | st.sampled_from([doubled, b"\xff" * length]))
    return bytes(data)


def refused(act: Callable[[], None]) -> IntakeRefused | None:
    """The refusal, if there was one; whatever else is raised is a fault of ours."""
    try:
        act()
    except IntakeRefused as refusal:
        return refusal
    return None


def infos_of(names: list[str]) -> list[zipfile.ZipInfo]:
    """Entries that lie one after the other."""
    infos = [zipfile.ZipInfo(name) for name in names]
    for place, info in enumerate(infos):
        info.header_offset = place * 100
    return infos


@fuzzed
@given(st.one_of(st.binary(max_size=300), mutated(GOOD_STREAM)), st.integers(1, 400))
def test_fuzz_decoder_gives_a_sound_result_or_a_named_fault(stream: bytes, piece: int) -> None:
    try:
        result = decoded(stream, piece=piece).result(complete=False)
    except (BadResult, OutputLimitExceeded):
        return
    if result is not None:
        assert result.data.dtype.names == ("time", *(column.name for column in result.columns))
        assert result.data.size * len(result.data.dtype.names) <= OUTPUTS.values


@fuzzed
@given(st.one_of(st.binary(max_size=400), mutated(GOOD_ARCHIVE)))
def test_fuzz_archive_is_refused_with_a_code_or_stays_in_its_folder(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder, archive = Path(parent) / "fmu", Path(parent) / "archive.fmu"
        folder.mkdir()
        archive.write_bytes(data)
        refusal = refused(lambda: unpack.unpack(os.open(archive, os.O_RDONLY), folder, SMALL))
        refusal = refusal or refused(lambda: screen.screen(folder, SMALL))
        assert refusal is None or refusal.message.isprintable()
        assert {path.name for path in Path(parent).iterdir()} == {"fmu", "archive.fmu"}
        assert not any(path.is_symlink() for path in folder.rglob("*"))


@fuzzed
@given(st.lists(NAMES, max_size=6))
def test_fuzz_entry_names_lead_nowhere_else(names: list[str]) -> None:
    try:
        entries = archive_rules.check(infos_of(names), SMALL)
    except IntakeRefused:
        return
    for entry in entries:
        target = os.path.normpath(os.path.join("/fmu", *entry.parts))  # noqa: PTH118  as the kernel would read it
        assert target.startswith("/fmu/")


@fuzzed
@given(mutated(DESCRIPTION.encode()))
def test_fuzz_screened_xml_is_refused_in_words_or_passes(xml: bytes) -> None:
    with tempfile.TemporaryDirectory() as parent:
        (Path(parent) / "modelDescription.xml").write_bytes(xml)
        refusal = refused(lambda: screen.screen(Path(parent), SMALL))
        assert refusal is None or refusal.message.isprintable()


@pytest.mark.parametrize("name", ["a/../../b", "..", "a\\..\\..\\b"])
def test_fuzz_would_find_a_path_that_leads_out(name: str) -> None:
    with pytest.raises(IntakeRefused):
        archive_rules.check(infos_of([name]), SMALL)
