"""Clients that wait: each has one connection, sends a request, reads the answer, and sends the next."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Measured:
    """Of one load: seconds of each answered request, and answers that were not 200."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def load(host: str, port: int, request: bytes, *, clients: int, seconds: float) -> Measured:
    """As many clients as said, for as long as said; what is under way at the end is waited for and not counted."""
    return asyncio.run(_load(host, port, request, clients, seconds))


async def _load(host: str, port: int, request: bytes, clients: int, seconds: float) -> Measured:
    measured, began = Measured(), time.perf_counter()
    ends = began + seconds
    await asyncio.gather(*(_client(host, port, request, measured, ends) for _ in range(clients)))
    measured.seconds = seconds
    return measured


async def _client(host: str, port: int, request: bytes, measured: Measured, ends: float) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < ends:
        began = time.perf_counter()
        writer.write(request)
        status, keeps = await _answer(reader)
        if status != 200:
            measured.refused += 1
            await asyncio.sleep(0.05)
        elif time.perf_counter() < ends:
            measured.latencies.append(time.perf_counter() - began)
        if not keeps:
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status, and whether the connection stays."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1]), b"connection: close" not in head
