"""Requests at a steady rate through an Envoy, whatever becomes of the ones before: an open loop.

It counts how each request ended and looks for one value in every byte that came back. The service
behind Envoy is here too, on the same loop, because both must cost little beside what is measured.
It knows nothing of the product.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import cast

HUNG_SECONDS = 10.0
CALM_REQUESTS = 25
CUT = 0
HUNG = -1
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(slots=True)
class Counts:
    """How requests ended, by status (CUT, HUNG where there was none), and how many leaked."""

    ended: Counter[int] = field(default_factory=Counter)
    leaked: int = 0
    masked: int = 0


class Service(asyncio.Protocol):
    """The service: gives every request without a body the same answer."""

    def __init__(self, answer: bytes, opened: set[asyncio.Transport]) -> None:
        self._answer = answer
        self._open = opened
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        self._open.add(self._transport)

    def data_received(self, data: bytes) -> None:
        # A request of Envoy's comes in one piece: it is far below one segment.
        assert self._transport is not None
        self._transport.write(self._answer * data.count(b"\r\n\r\n"))

    def connection_lost(self, exc: Exception | None) -> None:
        assert self._transport is not None
        self._open.discard(self._transport)


class _Client(asyncio.Protocol):
    """One connection with at most one request on it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._raw = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._raw += data
        head, mark, body = self._raw.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n") if mark else None
        if length is not None and len(body) >= int(length[1]):
            self._settle(int(head.split(b" ", 2)[1]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._settle(CUT)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request and return status and every byte that came back."""
        self._raw = b""
        if self.transport is None:
            return CUT, b""
        self._answer = asyncio.get_running_loop().create_future()
        late = asyncio.get_running_loop().call_later(HUNG_SECONDS, self._settle, HUNG)
        self.transport.write(request)
        answer = await self._answer
        late.cancel()
        return answer

    def abort(self) -> None:
        """Close the connection at once, if it is open."""
        if self.transport is not None:
            self.transport.abort()

    def _settle(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((status, self._raw))


class SteadyLoad:
    """Sends the same request `rate` times a second. Mutable: it owns its connections."""

    def __init__(self, port: int, request: bytes, *, value: bytes, rate: float) -> None:
        self.counts = Counts()
        self._port = port
        self._request = request
        self._value = value
        self._apart_s = 1 / rate
        self._in_flight = 0
        self._idle: list[_Client] = []
        self._clients: set[_Client] = set()

    @property
    def in_flight(self) -> int:
        """How many requests have no answer yet."""
        return self._in_flight

    @property
    def sent(self) -> int:
        """How many requests were sent, those in flight among them."""
        return self.counts.ended.total() + self._in_flight

    async def ask(self) -> tuple[int, bytes]:
        """Send one request and return status and every byte that came back."""
        self._in_flight += 1
        try:
            async with asyncio.timeout(2 * HUNG_SECONDS):
                client = self._idle.pop() if self._idle else await self._connect()
                status, raw = await client.ask(self._request)
        finally:
            self._in_flight -= 1
        if status > 0 and client.transport is not None:
            self._idle.append(client)
        else:
            client.abort()
            self._clients.discard(client)
        self.counts.ended[status] += 1
        self.counts.leaked += self._value in raw
        self.counts.masked += status == 200 and self._value not in raw
        return status, raw

    async def settled(self) -> None:
        """Return when requests of before are over: no more open than a calm system has."""
        async with asyncio.timeout(2 * HUNG_SECONDS):
            while self._in_flight > CALM_REQUESTS:
                await asyncio.sleep(self._apart_s)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the rate up while the block runs, then wait for every answer."""
        stop = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send(group, stop))
                try:
                    yield
                finally:
                    stop.set()
        finally:
            for client in self._clients:
                client.abort()

    async def _send(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stop.is_set():
            group.create_task(self.ask())
            due += self._apart_s
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _connect(self) -> _Client:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(_Client, "127.0.0.1", self._port)
        self._clients.add(client)
        return client


@contextlib.asynccontextmanager
async def serving(listener: socket.socket, answer: bytes) -> AsyncIterator[None]:
    """Run the service on a bound socket while the block runs."""
    loop = asyncio.get_running_loop()
    opened: set[asyncio.Transport] = set()
    server = await loop.create_server(lambda: Service(answer, opened), sock=listener, backlog=1024)
    try:
        yield
    finally:
        server.close()
        for transport in opened:
            transport.abort()
        await asyncio.sleep(0)  # lets the loop close what was aborted
