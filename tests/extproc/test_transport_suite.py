"""What holds for both transports; what only one of them does is tested beside its own file."""

from __future__ import annotations

import asyncio
import functools
import io
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import msgspec
import pytest
from grpc import aio

from extproc.exchange import Waiting
from extproc.logs import Log
from extproc.metrics import FAULTS, FLOWS, STREAMS_ACTIVE, Fault, Tallies
from extproc.settings import LogLevel, Settings, Transport
from extproc.translate import UnsupportedMode
from extproc.transport_choice import Choice, ServingTransport, make
from tests.fakes.exchange import Exchanges
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import Peer, ask, ended, method, peer, run
from weirline.errors import PeerProtocolError, SettingsError

SECRET = "correct-horse"
THREE = (b"request headers", b"response headers", b"response body")


@dataclass
class Served:
    """A running transport with everything a test looks at."""

    transport: ServingTransport
    addresses: tuple[str, ...]
    exchanges: Exchanges
    tallies: Tallies
    text: io.StringIO = field(default_factory=io.StringIO)

    def faults(self) -> dict[str, float]:
        counts = {fault.value: self.tallies.value(FAULTS, (fault.value,)) for fault in Fault}
        return {name: count for name, count in counts.items() if count}

    async def idle(self) -> None:
        """Wait until no stream is open and every exchange was told of its end."""
        async with asyncio.timeout(10):
            while self.transport.streams or not all(
                exchange.endings for exchange in self.exchanges.opened
            ):
                await asyncio.sleep(0.002)


@asynccontextmanager
async def _serving(exchanges: Exchanges, settings: Settings) -> AsyncIterator[Served]:
    text, tallies = io.StringIO(), Tallies()
    log = Log(text, LogLevel.DEBUG)
    choice = Choice(settings.transport)
    transport = make(choice, exchanges.open, settings, tallies=tallies, log=log)
    addresses = await transport.start()
    try:
        yield Served(transport, addresses, exchanges, tallies, text)
    finally:
        await transport.drain(0)


Make = Callable[..., Settings]


@pytest.fixture(params=["grpc", pytest.param("h2", marks=FULL)])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Settings with one of the two transports, a socket of this test, and what it changes."""
    transport = Transport(request.param)
    if transport is Transport.H2:
        ensure_built()
    base = Settings(socket=str(tmp_path / "s.sock"), admin="", state_dir="", transport=transport)
    return functools.partial(msgspec.structs.replace, base)


@asynccontextmanager
async def _connected(
    exchanges: Exchanges, settings: Settings
) -> AsyncIterator[tuple[Served, Peer]]:
    async with _serving(exchanges, settings) as served, peer(f"unix:{settings.socket}") as envoy:
        yield served, envoy


def test_exchange_that_is_over_ends_ok_with_an_answer_a_message(given: Make) -> None:
    async def test() -> None:
        async with _connected(Exchanges(), given()) as (served, envoy):
            end = await envoy.exchange(*THREE)
            assert end.code is grpc.StatusCode.OK
            assert end.answers == (b"answer 0", b"answer 1", b"answer 2")
            (exchange,) = served.exchanges.opened
            assert tuple(exchange.received) == THREE
            assert exchange.endings == [True]
            assert served.tallies.value(FLOWS, ("passed",)) == 1
            assert not served.faults()

    run(test())


def test_what_waits_leaves_unasked_and_the_stream_goes_on(given: Make) -> None:
    waits = Exchanges(
        on_receive=lambda number, _: (b"held", Waiting((b"held",)), b"end")[number],
        on_overdue=lambda: b"late",
    )

    async def test() -> None:
        async with _connected(waits, given()) as (_, envoy):
            call = envoy.open()
            assert await ask(call, THREE[0]) == b"held"
            assert await ask(call, THREE[1]) == b"held"
            async with asyncio.timeout(10):
                assert await call.read() == b"late"
            assert await ask(call, THREE[2]) == b"end"
            await call.done_writing()
            assert (await ended(call)).code is grpc.StatusCode.OK

    run(test())


def test_stream_closed_before_the_exchange_is_over_does_not_end_ok(given: Make) -> None:
    async def test() -> None:
        async with _connected(Exchanges(), given()) as (served, envoy):
            for messages in ((), THREE[:1], THREE[:2]):
                end = await envoy.exchange(*messages)
                assert end.code is grpc.StatusCode.INTERNAL
            assert [exchange.endings for exchange in served.exchanges.opened] == [[True]] * 3
            assert served.tallies.value(FLOWS, ("abandoned",)) == 3
            assert not served.faults()  # a client that goes away is nobody's fault

    run(test())


def test_stream_that_may_only_be_watched_ends_ok_at_any_time(given: Make) -> None:
    async def test() -> None:
        exchanges = Exchanges(observed_only=True, on_receive=lambda number, raw: None)
        async with _connected(exchanges, given()) as (_, envoy):
            call = envoy.open()
            await call.write(b"one")
            await call.done_writing()
            assert (await ended(call)).code is grpc.StatusCode.OK

    run(test())


def test_message_that_gets_no_answer_does_not_hold_up_the_next(given: Make) -> None:
    async def test() -> None:
        exchanges = Exchanges(on_receive=lambda number, raw: b"second" if number else None)
        async with _connected(exchanges, given()) as (_, envoy):
            call = envoy.open()
            await call.write(b"window update")
            assert await ask(call, b"headers") == b"second"

    run(test())


def _raise_at(number: int, error: Exception) -> Exchanges:
    def on_receive(at: int, raw: bytes) -> bytes:
        if at == number:
            raise error
        return b"answer"

    return Exchanges(on_receive=on_receive)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(
    ("error", "code", "fault"),
    [
        (ValueError(SECRET), grpc.StatusCode.INTERNAL, "internal"),
        (MemoryError(SECRET), grpc.StatusCode.INTERNAL, "internal"),
        (PeerProtocolError(SECRET), grpc.StatusCode.INTERNAL, "peer_protocol"),
        (UnsupportedMode(SECRET), grpc.StatusCode.UNIMPLEMENTED, "unsupported_mode"),
    ],
    ids=["bug", "memory", "protocol", "mode"],
)
def test_fault_in_any_message_ends_the_stream_with_an_error_and_is_counted(
    given: Make, at: int, error: Exception, code: grpc.StatusCode, fault: str
) -> None:
    async def test() -> None:
        async with _connected(_raise_at(at, error), given()) as (served, envoy):
            end = await envoy.exchange(*THREE)
            assert (end.code, len(end.answers)) == (code, at)
            assert served.faults() == {fault: 1}
            assert served.exchanges.opened[0].endings == [False]
            assert SECRET not in end.details
            assert SECRET not in served.text.getvalue()
            lines = [json.loads(line) for line in served.text.getvalue().splitlines()]
            (line,) = [line for line in lines if line["event"] == "stream_fault"]
            assert line["error"] == type(error).__name__
            assert line["place"].startswith("test_transport_suite.py:")
            assert (await envoy.exchange()).code is grpc.StatusCode.INTERNAL  # still serving

    run(test())


def test_fault_in_the_pool_ends_the_stream_with_an_error(given: Make) -> None:
    async def test() -> None:
        exchanges = _raise_at(1, ValueError(SECRET))
        exchanges.heavy_bytes = 0
        async with _connected(exchanges, given()) as (served, envoy):
            end = await envoy.exchange(*THREE)
            assert end.code is grpc.StatusCode.INTERNAL
            assert served.faults() == {"internal": 1}

    run(test())


def test_fault_while_opening_or_closing_an_exchange_is_counted(given: Make) -> None:
    async def test() -> None:
        exchanges = Exchanges(fail_on_open=ValueError(SECRET))
        async with _connected(exchanges, given()) as (served, envoy):
            end = await envoy.exchange(*THREE)
            assert (end.code, end.answers) == (grpc.StatusCode.INTERNAL, ())
            exchanges.fail_on_open, exchanges.fail_on_end = None, ValueError(SECRET)
            await envoy.exchange(*THREE)
            assert served.faults() == {"internal": 2}
            assert served.tallies.value(STREAMS_ACTIVE) == 0
            assert SECRET not in served.text.getvalue()

    run(test())


def test_heavy_message_is_worked_on_in_the_pool_and_light_ones_on_the_loop(
    given: Make,
) -> None:
    async def test() -> None:
        exchanges = Exchanges(heavy_bytes=15)
        async with _connected(exchanges, given()) as (served, envoy):
            assert (await envoy.exchange(b"x" * 16, b"y", b"z" * 15)).code is grpc.StatusCode.OK
            (exchange,) = served.exchanges.opened
            names = exchange.threads
            assert threading.current_thread().name in names
            assert any(name.startswith("scan") for name in names)

    run(test())


def test_loop_serves_others_while_the_pool_works(given: Make) -> None:
    async def test() -> None:
        release = threading.Event()

        def on_receive(number: int, raw: bytes) -> bytes:
            if raw == b"heavy":
                release.wait(10)
            return b"answer"

        exchanges = Exchanges(heavy_bytes=4, on_receive=on_receive)
        async with _connected(exchanges, given()) as (_, envoy):
            heavy = envoy.open()
            await heavy.write(b"heavy")
            assert (await envoy.exchange(b"1", b"2", b"3")).code is grpc.StatusCode.OK
            release.set()
            assert await ask(heavy, b"next") == b"answer"

    run(test())


def test_exchange_is_closed_only_after_its_work_in_the_pool(given: Make) -> None:
    async def test() -> None:
        began, release = threading.Event(), threading.Event()

        def on_receive(number: int, raw: bytes) -> bytes:
            began.set()
            release.wait(10)
            return b"answer"

        exchanges = Exchanges(heavy_bytes=0, on_receive=on_receive)
        async with _connected(exchanges, given()) as (served, envoy):
            call = envoy.open()
            await call.write(b"heavy")
            await asyncio.to_thread(began.wait, 10)
            call.cancel()
            async with asyncio.timeout(10):
                while served.transport.streams:
                    await asyncio.sleep(0.002)
            (exchange,) = exchanges.opened
            assert exchange.endings == []
            release.set()
            await served.idle()
            assert exchange.endings == [True]
            assert not served.faults()

    run(test())


def test_stream_that_envoy_resets_is_no_fault(given: Make) -> None:
    async def test() -> None:
        async with _connected(Exchanges(), given()) as (served, envoy):
            for _ in range(10):
                call = envoy.open()
                await call.write(b"headers")
                call.cancel()
            one = envoy.open()
            assert await ask(one, b"headers") == b"answer 0"
            one.cancel()
            await served.idle()
            assert not served.faults()
            assert '"level":"warning"' not in served.text.getvalue()
            assert served.tallies.value(STREAMS_ACTIVE) == 0

    run(test())


def test_idle_stream_is_ended_with_an_error_unless_its_exchange_is_over(given: Make) -> None:
    async def test() -> None:
        settings = given(stream_idle_seconds=0.05)
        async with _connected(Exchanges(), settings) as (served, envoy):
            waiting, over = envoy.open(), envoy.open()
            await ask(waiting, b"headers")
            for message in THREE:
                await ask(over, message)
            assert (await ended(waiting)).code is grpc.StatusCode.UNAVAILABLE
            assert (await ended(over)).code is grpc.StatusCode.OK
            assert served.faults() == {"idle": 1}

    run(test())


def test_streams_over_the_limit_are_refused_and_counted(given: Make) -> None:
    async def test() -> None:
        async with _connected(Exchanges(), given(max_streams=2)) as (served, envoy):
            first, second = envoy.open(), envoy.open()
            await ask(first, b"headers")
            await ask(second, b"headers")
            # Nothing is written: grpcio's client takes a write to an ended stream for a fault.
            assert (await ended(envoy.open())).code is grpc.StatusCode.UNAVAILABLE
            assert served.faults() == {"refused_full": 1}
            assert len(served.exchanges.opened) == 2
            first.cancel()
            second.cancel()
            await served.idle()
            assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.OK

    run(test())


def test_message_over_the_receive_limit_does_not_end_ok(given: Make) -> None:
    async def test() -> None:
        settings = given(max_message_bytes=128 * 1024)
        async with _connected(Exchanges(), settings) as (served, envoy):
            end = await envoy.exchange(b"x" * (128 * 1024 + 1))
            assert (end.code, end.answers) == (grpc.StatusCode.RESOURCE_EXHAUSTED, ())
            await served.idle()
            fits = await envoy.exchange(b"x" * (128 * 1024), b"y", b"z")
            assert fits.code is grpc.StatusCode.OK

    run(test())


def test_compressed_message_is_not_taken(given: Make) -> None:
    async def test() -> None:
        settings = given()
        async with _serving(Exchanges(), settings) as served:
            channel = aio.insecure_channel(
                f"unix:{settings.socket}", compression=grpc.Compression.Gzip
            )
            async with channel:
                assert await ask(Peer(channel).open(), b"x" * 100_000) is None
            await served.idle()

    run(test())


def test_other_methods_are_not_served(given: Make) -> None:
    async def test() -> None:
        settings = given()
        async with _serving(Exchanges(), settings):
            channel = aio.insecure_channel(f"unix:{settings.socket}")
            async with channel:
                call = method(channel, "/grpc.health.v1.Health/Watch")(None)
                assert (await ended(call)).code is grpc.StatusCode.UNIMPLEMENTED

    run(test())


def test_drain_lets_open_streams_finish_and_takes_no_new_ones(given: Make) -> None:
    async def test() -> None:
        settings = given()
        async with _connected(Exchanges(), settings) as (served, envoy):
            call = envoy.open()
            await ask(call, b"headers")
            async with asyncio.TaskGroup() as group:
                drain = group.create_task(served.transport.drain(10))
                async with asyncio.timeout(10):
                    while Path(settings.socket).exists():
                        await asyncio.sleep(0.002)
                assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.UNAVAILABLE
                assert not drain.done()
                assert await ask(call, b"response headers") == b"answer 1"
                assert await ask(call, b"response body") == b"answer 2"
                await call.done_writing()
                assert (await ended(call)).code is grpc.StatusCode.OK

    run(test())


def test_drain_ends_what_is_still_open_after_its_time_with_an_error(given: Make) -> None:
    async def test() -> None:
        async with _connected(Exchanges(), given()) as (served, envoy):
            call = envoy.open()
            await ask(call, b"headers")
            await served.transport.drain(0.05)
            assert (await ended(call)).code is not grpc.StatusCode.OK
            assert served.exchanges.opened[0].endings == [True]

    run(test())


def test_socket_is_published_with_its_rights_and_removed_at_the_end(
    given: Make, tmp_path: Path
) -> None:
    async def test() -> None:
        settings = given(socket_mode=0o600)
        path = Path(settings.socket)
        async with _serving(Exchanges(), settings) as served:
            assert served.addresses == (f"unix:{path}",)
            assert path.stat().st_mode & 0o777 == 0o600
            assert [each.name for each in tmp_path.iterdir()] == [path.name]
        assert not list(tmp_path.iterdir())

    run(test())


def test_stale_socket_is_replaced_and_said(given: Make) -> None:
    async def test() -> None:
        settings = given()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
            dead.bind(settings.socket)
        async with _connected(Exchanges(), settings) as (served, envoy):
            assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.OK
            assert '"event":"socket_replaced","was":"stale"' in served.text.getvalue()

    run(test())


def test_socket_of_a_successor_is_left_when_the_first_goes(given: Make) -> None:
    async def test() -> None:
        settings = given()
        async with (
            _serving(Exchanges(), settings) as first,
            _connected(Exchanges(), settings) as (_, envoy),
        ):
            await first.transport.drain(0)
            assert '"event":"socket_left"' in first.text.getvalue()
            assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.OK

    run(test())


def test_tcp_serves_beside_the_socket_on_a_free_port(given: Make) -> None:
    async def test() -> None:
        settings = given(listen="127.0.0.1:0")
        async with _serving(Exchanges(), settings) as served:
            assert len(served.addresses) == 2
            for address in served.addresses:
                async with peer(address) as envoy:
                    assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.OK

    run(test())


def test_tcp_address_in_use_is_refused_with_its_setting(given: Make) -> None:
    async def test() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            settings = given(socket="", listen=f"127.0.0.1:{taken.getsockname()[1]}")
            with pytest.raises(SettingsError) as refusal:
                async with _serving(Exchanges(), settings):
                    pass
        assert [(each.code, each.field) for each in refusal.value.problems] == [("S06", "listen")]

    run(test())


def test_new_policy_counts_for_new_streams_only(given: Make) -> None:
    async def test() -> None:
        old, new = Exchanges(), Exchanges()
        async with _connected(old, given()) as (served, envoy):
            call = envoy.open()
            await ask(call, b"headers")
            served.transport.open_exchange = new.open
            await envoy.exchange(*THREE)
            await ask(call, b"response headers")
            assert [len(each.opened) for each in (old, new)] == [1, 1]
            assert len(old.opened[0].received) == 2

    run(test())
