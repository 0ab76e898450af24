"""How much of a request's body is read: judged by its header before a byte is, then again while it streams."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from simulations.errors import ApiProblem, BadRequest, FmuNotAccepted, LengthRequired, TooLarge
from simulations.fmi.errors import FieldProblem
from simulations.services import disk

FMU, INPUTS, REQUEST = "fmu", "inputs", "request"
MAX_INPUTS_BYTES = 32 << 20
TWICE = "The form has the part '{}' twice; send one of them. Each run needs a request of its own."
_ZIP_MAGIC = b"PK"


class HashedFile(UploadedFile[bytes]):
    """An uploaded file on disk, with the hash that was taken while it streamed in."""

    sha256: str


class HashingUploadHandler(TemporaryFileUploadHandler):
    """Streams a file part to disk: hashes it, stops at its limit, and at the first bytes that cannot be an FMU."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.seen: set[str] = set()

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        if field_name not in (FMU, INPUTS, REQUEST):
            message = f"'{field_name[:100]}' is not a file part: send 'fmu', 'request' and 'inputs'."
            raise BadRequest.field(field_name[:100], "unknown_field", message)
        if field_name in self.seen:
            raise BadRequest.field(field_name, "repeated", TWICE.format(field_name))
        self.seen.add(field_name)
        super().new_file(field_name, *args, **kwargs)
        self.hash = hashlib.sha256()
        self.received = 0
        self.limit = limit_of(field_name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if fault := self._fault(raw_data):
            # Django closes only what is complete.
            self.upload_interrupted()
            raise fault
        self.hash.update(raw_data)
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.upload_interrupted()
            raise

    def _fault(self, chunk: bytes) -> ApiProblem | None:
        if self.received > self.limit:
            return too_large(self.field_name or "", self.limit)
        if self.received == len(chunk) and self.field_name == FMU and not chunk.startswith(_ZIP_MAGIC):
            return _refused("not_a_zip", "The file is not an FMU: an FMU is a zip archive, and this is none.")
        return None

    def file_complete(self, file_size: int) -> Any:
        if file_size == 0 and self.field_name == FMU:
            self.upload_interrupted()
            raise _refused("empty_file", "The file is empty: choose the FMU again.")
        file: Any = super().file_complete(file_size)
        file.sha256 = self.hash.hexdigest()
        return file


def guard(request: HttpRequest) -> None:
    """Refuse by the header what is too large or of unknown length; stream what is not."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise LengthRequired
    multipart = (request.content_type or "").startswith("multipart/")
    limit = settings.MAX_UPLOAD_BYTES + MAX_INPUTS_BYTES if multipart else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if _announced(request) > limit:
        raise too_large("", limit)
    if multipart:
        disk.require_room(more=_announced(request))
        request.upload_handlers = [HashingUploadHandler(request)]


def limit_of(field_name: str) -> int:
    limits = {FMU: settings.MAX_UPLOAD_BYTES, INPUTS: MAX_INPUTS_BYTES}
    return limits.get(field_name, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(field: str, limit: int) -> TooLarge:
    what = {FMU: "An FMU", INPUTS: "The inputs", REQUEST: "The request"}.get(field, "The body")
    message = f"{what} may be at most {limit / (1 << 20):.0f} MB."
    return TooLarge(message, errors=[FieldProblem(field, "too_large", message)] if field else [])


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise LengthRequired from None


def _refused(code: str, message: str) -> FmuNotAccepted:
    return FmuNotAccepted(message, code=code, errors=[FieldProblem(FMU, code, message)])
