"""Stored bytes for their owner: by a signed address that object storage answers for a few minutes, or through us."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.http import FileResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header

CONTENT_TYPE = "application/octet-stream"


def attachment(name: str, *, file_name: str) -> FileResponse | HttpResponseRedirect:
    """The stored file `name` as a download called `file_name`."""
    storage = storages["default"]
    if isinstance(storage, FileSystemStorage) or not settings.SIGNED_DOWNLOADS:
        return FileResponse(storage.open(name), as_attachment=True, filename=file_name, content_type=CONTENT_TYPE)
    disposition = content_disposition_header(True, file_name) or "attachment"
    asked = {"ResponseContentDisposition": disposition, "ResponseContentType": CONTENT_TYPE}
    return HttpResponseRedirect(storage.url(name, parameters=asked))  # type: ignore[call-arg]  # S3Storage's own
