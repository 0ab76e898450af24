"""Static files in production: named by their content, compressed once, kept for ever by browsers."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Also names the modules that a module imports by their content, so that no old one is paired with a new one."""

    support_js_module_import_aggregation = True


def collect_if_changed() -> bool:
    """collectstatic, which takes 10 s, unless it did the very same files before. Whether it had to."""
    note, found = Path(settings.STATIC_ROOT, "collected.txt"), _fingerprint()
    if note.exists() and note.read_text() == found:
        return False
    note.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    note.write_text(found)
    return True


def _fingerprint() -> str:
    """Of the names, sizes and times of all static files, and of how they are written."""
    found = sha256(repr((settings.STORAGES["staticfiles"], settings.STATIC_URL)).encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
