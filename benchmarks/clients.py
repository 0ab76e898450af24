"""Clients that wait: each has one connection, sends a request, reads the answer, and sends the next."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """A POST of JSON, and what is sent along with it and with each later look."""

    path: str
    body: bytes
    headers: str

    def post(self) -> bytes:
        length = f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return self._head("POST", self.path, length) + self.body

    def get(self, path: str) -> bytes:
        return self._head("GET", path, "")

    def _head(self, method: str, path: str, more: str) -> bytes:
        return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}{more}\r\n".encode()


@dataclass
class Measured:
    """Of one load: seconds from each request to its final answer, answers 202 in between, refusals."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    polls: int = 0
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def load(host: str, port: int, request: Request, *, clients: int, seconds: float) -> Measured:
    """As many clients as said, new requests for as long as said; what is under way at the end is waited for."""
    return asyncio.run(_load(host, port, request, clients, seconds))


async def _load(host: str, port: int, request: Request, clients: int, seconds: float) -> Measured:
    measured, began = Measured(), time.perf_counter()
    ends = began + seconds
    await asyncio.gather(*(_client(host, port, request, measured, ends) for _ in range(clients)))
    measured.seconds = time.perf_counter() - began
    return measured


async def _client(host: str, port: int, request: Request, measured: Measured, ends: float) -> None:
    line = Line(host, port)
    while time.perf_counter() < ends:
        began = time.perf_counter()
        status, headers, body = await line.ask(request.post())
        path = urlsplit(headers.get("location", "")).path
        while path and json.loads(body)["status"] in ("queued", "running"):
            measured.polls += 1
            await asyncio.sleep(1)
            status, _, body = await line.ask(request.get(path))
        if status == 200:
            measured.latencies.append(time.perf_counter() - began)
        else:
            measured.refused += 1
            await asyncio.sleep(0.05)
    line.close()


class Line:
    """A connection that is opened again when the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        self._writer.write(request)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return int(first.split(" ", 2)[1]), headers, body

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
