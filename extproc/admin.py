"""The admin page: /healthz, /readyz and /metrics over plain HTTP/1.1, for probes and Prometheus.

It runs on the event loop on purpose: if the loop hangs, the probe fails. Beside traffic the page of
metrics is made in a thread; where processes are forked there must be none. It refuses every method
but GET and HEAD, requests over 8 KiB, slow clients and more than 32 connections, and it answers
one request a connection. It never shows anything of traffic but counts.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from extproc.metrics import READY, Metric, Snapshot
from extproc.readiness import Readiness
from extproc.settings_value import split_address
from extproc.shared_area import Labels
from weirline.errors import Problem, SettingsError

LONGEST_REQUEST_BYTES = 8192
MOST_CONNECTIONS = 32
REQUEST_SECONDS = 5.0

_STATUS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}
_TEXT = "text/plain; charset=utf-8"
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Counts(Protocol):
    """What the page of metrics shows."""

    def set_only(self, metric: Metric, labels: Labels = (), value: float = 1) -> None:
        """Set the one series of a gauge."""
        ...

    def snapshot(self) -> Snapshot:
        """Return copies of all counts."""
        ...


async def render_in_thread(snapshot: Snapshot) -> bytes:
    """Make the page beside the loop: some thousand series take milliseconds, owed to traffic."""
    return await asyncio.to_thread(_render, snapshot)


async def render_here(snapshot: Snapshot) -> bytes:
    """Make the page on the loop, for a process without traffic that must have no threads."""
    return _render(snapshot)


Render = Callable[[Snapshot], Awaitable[bytes]]


class AdminServer:
    """Serves the three pages until it is closed. Mutable: it owns its listener."""

    def __init__(
        self, readiness: Readiness, counts: Counts, render: Render = render_in_thread
    ) -> None:
        self._readiness = readiness
        self._counts = counts
        self._render = render
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._pages: dict[str, Callable[[], tuple[int, bytes]]] = {
            "/healthz": lambda: (200, b"ok\n"),
            "/readyz": self._readyz,
        }

    async def start(self, address: str) -> str:
        """Listen on `address` (HOST:PORT) and return the address taken. Raises SettingsError."""
        host, port = split_address(address)
        try:
            self._server = await asyncio.start_server(
                self._serve, host, port, limit=LONGEST_REQUEST_BYTES
            )
        except OSError:
            expectation = "the address cannot be taken: it is in use or not of this machine"
            problem = Problem("S06", address, 0, 0, "admin", expectation)
            raise SettingsError([problem]) from None
        taken = self._server.sockets[0].getsockname()
        return f"[{taken[0]}]:{taken[1]}" if ":" in taken[0] else f"{taken[0]}:{taken[1]}"

    async def close(self) -> None:
        """Stop listening and drop the connections that are open."""
        if self._server is not None:
            self._server.close()
        tasks = list(self._connections.values())
        for writer in list(self._connections):
            writer.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._connections[writer] = cast("asyncio.Task[None]", asyncio.current_task())
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answer(request))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a client that is slow, gone or too long: nothing is owed to it
        finally:
            del self._connections[writer]
            writer.close()

    async def _answer(self, request: bytes) -> bytes:
        words = request.partition(b"\r\n")[0].decode("latin-1").split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return _response(400, _TEXT, b"not HTTP/1.1\n")
        method, target, _ = words
        if method not in ("GET", "HEAD"):
            return _response(405, _TEXT, b"only GET and HEAD\n")
        path = target.partition("?")[0]
        if path == "/metrics":
            answer = await self._metrics()
        elif path in self._pages:
            status, page = self._pages[path]()
            answer = _response(status, _TEXT, page)
        else:
            answer = _response(404, _TEXT, b"pages: /healthz /readyz /metrics\n")
        return answer if method == "GET" else answer[: answer.index(b"\r\n\r\n") + 4]

    def _readyz(self) -> tuple[int, bytes]:
        if self._readiness.ready:
            return 200, b"ready\n"
        return 503, "".join(f"{reason}\n" for reason in self._readiness.reasons).encode()

    async def _metrics(self) -> bytes:
        self._counts.set_only(READY, value=float(self._readiness.ready))
        return _response(200, _METRICS_TYPE, await self._render(self._counts.snapshot()))


def _render(snapshot: Snapshot) -> bytes:
    page: bytes = importlib.import_module("extproc.metrics_page").render(snapshot)
    return page


def _response(status: int, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_STATUS[status]}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
