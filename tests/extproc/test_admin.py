from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import extproc.admin
from extproc.admin import (
    LONGEST_REQUEST_BYTES,
    MOST_CONNECTIONS,
    AdminServer,
    Render,
    render_here,
    render_in_thread,
)
from extproc.metrics import FLOWS, READY, Tallies
from extproc.readiness import Readiness, Reason
from tests.fakes.grpc_peer import run
from weirline.errors import SettingsError


class Served:
    """A running admin page with the parts behind it."""

    def __init__(self, render: Render) -> None:
        self.readiness, self.tallies = Readiness(), Tallies()
        self.server = AdminServer(self.readiness, self.tallies, render)
        self.address = ("", 0)

    async def ask(self, request: bytes) -> bytes:
        """Send raw bytes and return every byte that comes back."""
        reader, writer = await asyncio.open_connection(*self.address)
        try:
            writer.write(request)
            async with asyncio.timeout(10):
                return await reader.read()
        finally:
            await _closed(writer)

    async def get(self, target: str, method: str = "GET") -> tuple[int, str]:
        answer = await self.ask(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head, _, body = answer.decode().partition("\r\n\r\n")
        return int(head.split(" ")[1]), body


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def _serving(
    host: str = "127.0.0.1", render: Render = render_in_thread
) -> AsyncIterator[Served]:
    served = Served(render)
    address = await served.server.start(f"{host}:0")
    name, _, port = address.rpartition(":")
    served.address = (name.strip("[]"), int(port))
    try:
        yield served
    finally:
        await served.server.close()


def test_health_is_ok_while_the_loop_runs() -> None:
    async def test() -> None:
        async with _serving() as served:
            assert await served.get("/healthz") == (200, "ok\n")

    run(test())


def test_readiness_names_every_reason_against_it() -> None:
    async def test() -> None:
        async with _serving() as served:
            assert await served.get("/readyz") == (503, "starting\n")
            served.readiness.clear(Reason.STARTING)
            assert await served.get("/readyz") == (200, "ready\n")
            served.readiness.raise_reason(Reason.DRAINING)
            assert await served.get("/readyz?verbose") == (503, "draining\n")

    run(test())


@pytest.mark.parametrize("render", [render_in_thread, render_here])
def test_metrics_show_the_tallies_and_the_readiness(render: Render) -> None:
    async def test() -> None:
        async with _serving(render=render) as served:
            served.tallies.add(FLOWS, ("passed",), 7)
            served.readiness.clear(Reason.STARTING)
            status, page = await served.get("/metrics")
            assert status == 200
            assert 'weirline_flows_total{outcome="passed"} 7.0\n' in page
            assert "weirline_ready 1.0\n" in page
            assert served.tallies.value(READY) == 1

    run(test())


def test_head_has_the_headers_of_get_and_no_body() -> None:
    async def test() -> None:
        async with _serving() as served:
            got = await served.ask(b"GET /healthz HTTP/1.1\r\n\r\n")
            assert await served.ask(b"HEAD /healthz HTTP/1.1\r\n\r\n") == got[: -len(b"ok\n")]
            assert b"Content-Length: 3\r\n" in got

    run(test())


def test_ipv6_address_is_taken_and_shown_in_brackets() -> None:
    async def test() -> None:
        async with _serving("[::1]") as served:
            assert served.address[0] == "::1"
            assert await served.get("/healthz") == (200, "ok\n")

    run(test())


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /other HTTP/1.1", 404),
        (b"GET / HTTP/1.1", 404),
        (b"POST /healthz HTTP/1.1", 405),
        (b"DELETE /metrics HTTP/1.1", 405),
        (b"GET /healthz", 400),
        (b"GET /healthz HTTP/2.0", 400),
        (b"\xff\xfe\x00", 400),
    ],
)
def test_other_requests_get_an_error(request_line: bytes, status: int) -> None:
    async def test() -> None:
        async with _serving() as served:
            answer = await served.ask(request_line + b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 %d " % status)

    run(test())


def test_request_over_its_bound_is_closed_without_an_answer() -> None:
    async def test() -> None:
        async with _serving() as served:
            target = b"x" * LONGEST_REQUEST_BYTES
            try:
                answer = await served.ask(b"GET /" + target + b" HTTP/1.1\r\n\r\n")
            except ConnectionResetError:
                answer = b""
            assert answer == b""
            assert await served.get("/healthz") == (200, "ok\n")

    run(test())


def test_slow_client_is_closed_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extproc.admin, "REQUEST_SECONDS", 0.02)

    async def test() -> None:
        async with _serving() as served:
            assert await served.ask(b"GET /healthz HTTP/1.1\r\n") == b""
            assert await served.get("/healthz") == (200, "ok\n")

    run(test())


def test_connections_over_the_bound_are_dropped() -> None:
    async def test() -> None:
        async with _serving() as served:
            held = [await asyncio.open_connection(*served.address) for _ in range(MOST_CONNECTIONS)]
            with contextlib.suppress(ConnectionError):
                assert await served.ask(b"GET /healthz HTTP/1.1\r\n\r\n") == b""
            for _, writer in held:
                await _closed(writer)
            async with asyncio.timeout(10):
                while not await _answers(served):
                    await asyncio.sleep(0.002)

    run(test())


async def _answers(served: Served) -> bool:
    try:
        return await served.ask(b"GET /healthz HTTP/1.1\r\n\r\n") != b""
    except ConnectionError:
        return False


def test_address_in_use_is_refused_by_the_name_of_its_setting() -> None:
    async def test() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            server = AdminServer(Readiness(), Tallies())
            with pytest.raises(SettingsError) as refusal:
                await server.start(f"127.0.0.1:{taken.getsockname()[1]}")
        (problem,) = refusal.value.problems
        assert (problem.code, problem.field) == ("S06", "admin")

    run(test())
