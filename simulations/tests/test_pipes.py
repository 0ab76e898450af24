"""Named pipes between the processes of one machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulations.services import pipes

FULL = 1 << 20


def test_what_is_written_reaches_the_reader(tmp_path: Path) -> None:
    pipe = pipes.Pipe(tmp_path)
    pipes.write(tmp_path, b"news\n")
    assert pipe.read(1) == b"news\n"
    assert pipe.read(0) == b""
    pipe.close()


def test_a_pipe_of_a_reader_that_died_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "123"
    os.mkfifo(left)
    pipes.write(tmp_path, b"news\n")
    assert not left.exists()


def test_a_full_pipe_drops_what_is_written(tmp_path: Path) -> None:
    pipe = pipes.Pipe(tmp_path)
    for _ in range(FULL // 1024):
        pipes.write(tmp_path, b"." * 1024)
    assert 0 < sum(map(len, iter(lambda: pipe.read(0), b""))) < FULL
    pipe.close()


def test_a_reader_that_ends_while_it_is_written_to_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes has just committed the end of a run: it must not fail now."""
    pipe = pipes.Pipe(tmp_path)
    really_write = os.write

    def write_too_late(descriptor: int, message: bytes) -> int:
        pipe.close()
        return really_write(descriptor, message)

    monkeypatch.setattr("simulations.services.pipes.os.write", write_too_late)
    pipes.write(tmp_path, b"news\n")
