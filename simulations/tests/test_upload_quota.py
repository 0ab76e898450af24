"""One asker cannot fill everybody's storage."""

from __future__ import annotations

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from simulations.errors import UploadQuotaUsed
from simulations.models import Fmu
from simulations.services import upload_quota, uploads
from simulations.tests import fmus
from simulations.visitor import Visitor

SIZE = 1000
ROOM = 3


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Room for three, on a day that does not end."""
    monkeypatch.setattr(upload_quota, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    settings.UPLOAD_BYTES_A_DAY = {"anonymous": ROOM * SIZE, "account": 2 * ROOM * SIZE}


@pytest.fixture
def here() -> Visitor:
    return stranger()


def stranger() -> Visitor:
    """From a network that nobody asked from before: the cache outlives a test."""
    return Visitor(address=str(ip_network((0x20010DB8 << 96 | secrets.randbits(32) << 64, 64))[1]))


def bring(number: int, visitor: Visitor) -> Fmu:
    content = f"PK {number}".ljust(SIZE).encode()
    return uploads.receive(fmus.upload(content), sha256=hashlib.sha256(content).hexdigest(), visitor=visitor).fmu


def test_what_is_too_much_is_not_stored(db: None, here: Visitor) -> None:
    for number in range(ROOM):
        bring(number, here)
    with pytest.raises(UploadQuotaUsed, match="run it by its fmu_id") as refused:
        bring(ROOM, here)
    assert 0 < int(refused.value.headers["Retry-After"]) <= upload_quota.DAY_SECONDS
    assert Fmu.objects.count() == ROOM


def test_the_same_bytes_count_once(db: None, here: Visitor) -> None:
    for _ in range(2 * ROOM):
        bring(1, here)
    bring(2, here)


def test_refused_bytes_are_refused_again_and_smaller_ones_are_not(db: None, here: Visitor) -> None:
    upload_quota.spend(2 * SIZE, sha256="a" * 64, visitor=here)
    for _ in range(2):
        with pytest.raises(UploadQuotaUsed):
            upload_quota.spend(2 * SIZE, sha256="b" * 64, visitor=here)
    upload_quota.spend(SIZE, sha256="c" * 64, visitor=here)


def test_others_have_their_own(db: None, here: Visitor, user: User) -> None:
    for number in range(ROOM):
        bring(number, here)
    bring(ROOM, stranger())
    for number in range(2 * ROOM):
        bring(number, Visitor(user=user, address=here.address))


def test_bytes_that_somebody_else_brought_count_as_any(db: None, here: Visitor) -> None:
    """Else a full quota would tell who has what."""
    bring(ROOM, stranger())
    for number in range(ROOM):
        bring(number, here)
    with pytest.raises(UploadQuotaUsed):
        bring(ROOM, here)


def test_uploads_at_once_do_not_get_past_it(transactional_db: None, here: Visitor) -> None:
    def ask(number: int) -> bool:
        try:
            upload_quota.spend(SIZE, sha256=f"{number:064}", visitor=here)
        except UploadQuotaUsed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == ROOM


def test_the_api_answers_429_with_the_next_step(anonymous: APIClient, db: None, settings: Settings) -> None:
    settings.UPLOAD_BYTES_A_DAY = {"anonymous": SIZE, "account": SIZE}
    response = anonymous.post("/api/v1/fmus", {"fmu": fmus.upload(fmus.variant("BouncingBall"))}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (429, "upload_quota_used")
    assert response.headers["Retry-After"]
