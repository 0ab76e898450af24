"""What processes that were killed have left on their machine's disk. At a real web server: test_server.py."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pytest_django import Settings

from simulations.services import scratch


def test_only_what_is_old_is_deleted(settings: Settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    for name, hours in {"of_today.upload": 1, "of_the_day_before.upload": 25}.items():
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, times=(time.time() - hours * 3600,) * 2)
    assert scratch.delete_left_over() == 1
    assert [file.name for file in tmp_path.iterdir()] == ["of_today.upload"]
