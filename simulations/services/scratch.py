"""Uploads on their way and copies from the object storage: files of this machine that their process deletes again."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

# Longer than any request or run has a file open; several processes of one machine share the folder.
AGE_SECONDS = 24 * 3600


def delete_left_over() -> int:
    """What processes that were killed have left behind; how many files."""
    settled = time.time() - AGE_SECONDS
    left = [file for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if _is_older(file, settled)]
    for file in left:
        file.unlink(missing_ok=True)
        log.warning("file=%s code=left_over_deleted", file.name)
    return len(left)


def _is_older(file: Path, moment: float) -> bool:
    try:
        return file.is_file() and file.stat().st_mtime < moment
    except FileNotFoundError:
        return False
