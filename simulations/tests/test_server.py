"""Bodies that are too large, of unknown length or that lie about it, at a real gunicorn over real sockets."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from simulations.models import Simulation, Status
from simulations.services import waiting
from simulations.tests import fmus
from simulations.tests.server import Server
from simulations.tests.test_simulate import ENDLESS
from simulations.tests.worker import WorkerProcess

GIGABYTE = 1 << 30
CHUNK = bytes(1 << 20)
FORM_HEAD = b'--b\r\nContent-Disposition: form-data; name="fmu"; filename="x.fmu"\r\n\r\n'
FORM_TAIL = b"\r\n--b--\r\n"


@pytest.fixture(scope="module")
def server(worker_process: WorkerProcess, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    with django_db_blocker.unblock():
        running = Server().wait_until_ready()
    yield running
    running.stop()


def head(path: str, content_type: str, *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {content_type}", *more, "", ""]
    return "\r\n".join(lines).encode()


def answer(client: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and body of what the server says."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += client.recv(65536)
    headers, _, body = said.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in headers.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += client.recv(65536)
    return int(said.split()[1]), json.loads(body)


def flood(client: socket.socket, total: int) -> None:
    """Send until the server has had enough."""
    for _ in range(total // len(CHUNK)):
        try:
            client.sendall(CHUNK)
        except (BrokenPipeError, ConnectionResetError):
            return


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b"], ids=["JSON", "form"])
def test_a_gigabyte_is_refused_by_its_header(server: Server, content_type: str) -> None:
    with server.connect() as client:
        client.sendall(head("/simulate", content_type, f"Content-Length: {GIGABYTE}"))
        status, body = answer(client)
    assert (status, body["code"]) == (413, "too_large")


def test_a_gigabyte_that_is_really_sent_takes_no_memory(server: Server) -> None:
    before = server.memory()
    with server.connect() as client:
        client.sendall(head("/simulate", "application/json", f"Content-Length: {GIGABYTE}"))
        flood(client, GIGABYTE)
    assert server.memory() - before < 32 << 20


def test_a_body_without_a_length_is_411(server: Server) -> None:
    with server.connect() as client:
        client.sendall(head("/simulate", "application/json", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n")
        status, body = answer(client)
    assert (status, body["code"]) == (411, "length_required")


def test_a_body_longer_than_it_says_is_cut_there(server: Server) -> None:
    with server.connect() as client:
        client.sendall(
            head("/simulate", "application/json", "Content-Length: 2") + b'{}{"fmu_id": "sample:BouncingBall"}'
        )
        status, body = answer(client)
    assert (status, body["code"]) == (400, "invalid_request")


def test_a_client_that_leaves_early_leaves_nothing(server: Server) -> None:
    with server.connect() as client:
        client.sendall(head("/api/v1/fmus", "multipart/form-data; boundary=b", "Content-Length: 5000000"))
        client.sendall(FORM_HEAD + b"PK\x03\x04" + CHUNK)
    with server.connect() as client:
        client.sendall(head("/simulate", "application/json", "Content-Length: 2") + b"{}")
        assert answer(client)[0] == 400


def test_a_large_upload_streams_to_disk(server: Server, transactional_db: None) -> None:
    upload(server, fmus.variant("BouncingBall"))  # what a process loads once does not count
    before = server.memory()
    upload(server, fmus.variant("BouncingBall", extra={"resources/table": bytes(80 << 20)}))
    assert server.memory() - before < 32 << 20


def test_who_waits_at_a_server_that_stops_is_told_which_run_it_was(worker: WorkerProcess) -> None:
    fmus.load_sample("VanDerPol")
    leaving = Server().wait_until_ready()
    body = json.dumps(ENDLESS).encode()
    with leaving.connect() as client:
        client.sendall(head("/simulate", "application/json", "Prefer: wait=60", f"Content-Length: {len(body)}") + body)
        assert waiting.until(Simulation.objects.filter(status=Status.RUNNING).exists, seconds=20)
        leaving.process.terminate()
        status, told = answer(client)
    assert (status, told["id"]) == (202, Simulation.objects.get().public_id)
    assert leaving.process.wait(20) == 0


def test_what_a_killed_web_process_left_is_deleted_a_day_later(server: Server) -> None:
    with server.connect() as client:
        client.sendall(head("/api/v1/fmus", "multipart/form-data; boundary=b", "Content-Length: 50000000"))
        client.sendall(FORM_HEAD + b"PK\x03\x04" + 4 * CHUNK)
        assert waiting.until(lambda: len(uploads()) == 1, seconds=20)
        server.kill_web_process()
    (left,) = uploads()
    os.utime(left, times=(0, 0))
    server.wait_until_ready()
    server.kill_web_process()
    assert waiting.until(lambda: not uploads(), seconds=20)
    server.wait_until_ready()


def uploads() -> list[Path]:
    return list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def upload(server: Server, content: bytes) -> None:
    with server.connect() as client:
        length = len(FORM_HEAD) + len(content) + len(FORM_TAIL)
        client.sendall(head("/api/v1/fmus", "multipart/form-data; boundary=b", f"Content-Length: {length}"))
        client.sendall(FORM_HEAD + content + FORM_TAIL)
        status, body = answer(client)
    assert (status, body["status"]) == (201, "accepted")
