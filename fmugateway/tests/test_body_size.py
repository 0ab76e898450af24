"""What nobody wants is not read: neither into memory nor to the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from rest_framework.parsers import JSONParser

pytestmark = pytest.mark.django_db
TOO_LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


@pytest.fixture(autouse=True)
def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("somebody reads it")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", fail)
    monkeypatch.setattr(JSONParser, "parse", fail)


@pytest.mark.parametrize("path", ["/accounts/login/", "/buy-credits", "/admin/login/", "/dashboard/tokens/"])
def test_no_page_takes_a_file_for_its_csrf_check(path: str, tmp_path: Path) -> None:
    """The check needs a cookie, which anybody can make up."""
    browser = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    large = tmp_path / "large"
    large.write_bytes(b"x" * TOO_LARGE)
    with large.open("rb") as file:
        assert browser.post(path, {"file": file}).status_code == 413


@pytest.mark.parametrize("path", ["/pay", "/buy-credits", "/docs/"])
def test_a_body_of_unknown_length_is_not_taken_for_none(path: str) -> None:
    answer = Client().post(path, headers={"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("path", ["/pay", "/buy-credits"])
def test_no_address_for_programs_reads_a_body_without_bounds(path: str) -> None:
    answer = Client().post(path, b"1" * TOO_LARGE, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
