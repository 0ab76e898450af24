"""Static files in production: named by their content, compressed once, kept for ever by browsers."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Also names the modules that a module imports by their content, so that no old one is paired with a new one."""

    support_js_module_import_aggregation = True
