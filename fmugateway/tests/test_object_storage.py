"""Files in S3: a real client of S3 against a server that speaks it."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from fmugateway import storage_walk
from fmugateway.models import StorageDay
from fmugateway.testing.servers import free_port
from fmugateway.tests.test_settings import settings_with
from simulations.fmi.errors import SandboxError
from simulations.models import Fmu, FmuHolding
from simulations.services import local_store, orphans, result_files

BUCKET = "fmu-gateway"
START_SECONDS = 60


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of the server."""
    address = f"http://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(address):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield address
    process.kill()
    process.wait()


@pytest.fixture(autouse=True)
def bucket(s3: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage that the deployment's variables make."""
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
    found = settings_with(monkeypatch, BUCKET_NAME=BUCKET, AWS_ENDPOINT_URL_S3=s3, **keys)
    boto3.client("s3", endpoint_url=s3, region_name="us-east-1").create_bucket(Bucket=BUCKET)
    settings.STORAGES = settings.STORAGES | {"default": found["STORAGES"]["default"]}


def download_by_its_owner() -> Any:
    """The answer: a redirection to the bucket, or the bytes."""
    user = User.objects.create_user("owner@example.com")
    archive = default_storage.save("fmus/one.fmu", ContentFile(b"PK the bytes"))
    fmu = Fmu.objects.create(sha256="a" * 64, size=12, archive=archive)
    holding = FmuHolding.objects.create(fmu=fmu, user=user, file_name="Räder.fmu")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {ApiToken.objects.create(user=user)[1]}")
    return client.get(f"/api/v1/fmus/{holding.public_id}/download")


@pytest.mark.django_db
def test_an_owner_downloads_by_a_signed_address_that_expires() -> None:
    answer = download_by_its_owner()
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query)["X-Amz-Expires"] == ["300"]
    with urllib.request.urlopen(answer["Location"]) as download:
        assert download.read() == b"PK the bytes"
        assert "R%C3%A4der.fmu" in download.headers["Content-Disposition"]


@pytest.mark.django_db
def test_an_owner_downloads_through_us_where_nobody_else_reaches_the_bucket(settings: Settings) -> None:
    settings.SIGNED_DOWNLOADS = False
    answer = download_by_its_owner()
    assert answer.getvalue() == b"PK the bytes"
    assert "R%C3%A4der.fmu" in answer["Content-Disposition"]


def test_a_worker_fetches_an_archive_that_lies_elsewhere() -> None:
    name = default_storage.save("fmus/two.fmu", ContentFile(b"PK elsewhere"))
    with local_store._fetched(name) as path:
        assert path.read_bytes() == b"PK elsewhere"
    assert not path.exists()


def test_an_archive_that_the_bucket_does_not_give_is_our_fault() -> None:
    with pytest.raises(SandboxError, match="did not give"), local_store._fetched("fmus/nowhere.fmu"):
        pass


def test_a_result_survives_the_way_to_the_bucket_and_back() -> None:
    data = np.zeros(3, dtype=[("time", "f8"), ("h", "f8")])
    data["h"] = [1.0, 0.5, 0.25]
    name = default_storage.save("results/x.npy", ContentFile(_npy(data)))
    with result_files.opened(name) as stored:
        assert stored["h"].tolist() == [1.0, 0.5, 0.25]


@pytest.mark.django_db
def test_files_that_nobody_knows_leave_the_bucket_and_the_rest_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "AGE", timedelta(days=-1))
    monkeypatch.setattr(storage_walk, "PAGE", 2)
    kept = f"fmus/{'c' * 2}/{'c' * 64}-00000001.fmu"
    Fmu.objects.create(sha256="c" * 64, size=9, archive=kept)
    lost = [f"fmus/dd/{'d' * 64}-{number:08x}.fmu" for number in range(3)]
    for name in (kept, *lost):
        default_storage.save(name, ContentFile(b"PK stored"))
    walk = storage_walk.StorageWalk()
    while walk.walk_storage():
        pass
    assert [name for name in (kept, *lost) if default_storage.exists(name)] == [kept]
    assert StorageDay.objects.get().stored_bytes >= 4 * len(b"PK stored")


def _npy(data: np.ndarray) -> bytes:

    buffer = io.BytesIO()
    np.save(buffer, data, allow_pickle=False)
    return buffer.getvalue()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
