"""What the fast transport does where a gRPC client would not go; the rest is in the suite."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import hpack
import pytest
from hyperframe.frame import (
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
)

from extproc.h2.limits import BUDGETS, Noise
from extproc.metrics import FLOWS
from tests.extproc.h2.serving import serving
from tests.extproc.h2.socket_client import SocketClient
from tests.extproc.h2.wire import flagged, framed, limits, opening, request, unframed
from tests.fakes.exchange import Exchanges
from tests.fakes.fast_transport import FULL
from tests.fakes.grpc_peer import run

pytestmark = FULL

THREE = framed(b"one", b"two", b"three")


def _fields(decoder: hpack.Decoder, frame: object) -> dict[str, str]:
    assert isinstance(frame, HeadersFrame)
    return {str(name): str(text) for name, text in decoder.decode(frame.data)}


async def _status(client: SocketClient, number: int) -> dict[str, str]:
    """The fields of every block of one stream up to its end, the later ones on top."""
    decoder, fields = hpack.Decoder(), dict[str, str]()
    while True:
        frame = await client.until(HeadersFrame)
        fields_of = _fields(decoder, frame)
        if frame.stream_id == number:
            fields |= fields_of
            if "END_STREAM" in frame.flags:
                return fields


def test_whole_exchange_in_one_write_is_answered_in_one(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect()
            client.send(opening(1), flagged(DataFrame(1, THREE), "END_STREAM"))
            data = await client.until(DataFrame)
            assert isinstance(data, DataFrame)
            assert unframed(data.data) == [b"answer 0", b"answer 1", b"answer 2"]
            assert served.exchanges.opened[0].endings == [True]

    run(test())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (request(method="PUT"), {":status": "405", "allow": "POST"}),
        (request(content_type="text/html"), {":status": "415"}),
        (request(te=""), {":status": "400"}),
        (request(path="/x.Y/Z"), {":status": "200", "grpc-status": "12"}),
    ],
    ids=["method", "type", "te", "path"],
)
def test_request_for_something_else_gets_the_status_of_the_specification(
    tmp_path: Path, fields: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect()
            client.open(1, fields)
            assert expected.items() <= (await _status(client, 1)).items()
            assert not served.exchanges.opened

    run(test())


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (framed(b"zip", flag=1), "12"),
        (framed(b"x" * 1025), "8"),
        (framed(b"whole")[:-1], "13"),
    ],
    ids=["compressed", "too large", "truncated"],
)
def test_bad_message_ends_its_stream_with_its_status_and_is_counted(
    tmp_path: Path, data: bytes, status: str
) -> None:
    async def test() -> None:
        async with serving(tmp_path, limits=limits(message=1024)) as served:
            client = await served.connect()
            client.send(opening(1), flagged(DataFrame(1, data), "END_STREAM"))
            fields = await _status(client, 1)
            assert fields["grpc-status"] == status
            assert ("grpc-accept-encoding" in fields) == (status == "12")
            assert served.faults() == {"peer_protocol": 1}
            assert served.tallies.value(FLOWS, ("fault",)) == 1

    run(test())


def test_deadline_of_the_client_ends_its_stream_but_never_ok(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect()
            client.open(1, request(grpc_timeout="20m"))
            client.send(DataFrame(1, THREE).serialize())
            assert (await _status(client, 1))["grpc-status"] == "4"
            assert served.transport.streams == 0
            assert not served.faults()

    run(test())


def test_messages_behind_a_heavy_one_wait_for_it_and_keep_their_order(tmp_path: Path) -> None:
    async def test() -> None:
        release = threading.Event()

        def on_receive(number: int, raw: bytes) -> bytes:
            if raw == b"heavier":
                release.wait(10)
            return b"%d %b" % (number, raw)

        exchanges = Exchanges(heavy_bytes=5, on_receive=on_receive)
        async with serving(tmp_path, exchanges) as served:
            client = await served.connect()
            data = framed(b"heavier", b"1", b"heavier", b"2")
            client.send(opening(1), flagged(DataFrame(1, data), "END_STREAM"))
            client.send(opening(3), flagged(DataFrame(3, THREE), "END_STREAM"))
            assert unframed(getattr(await client.until(DataFrame, 3), "data", b"")) == [
                b"0 one", b"1 two", b"2 three",
            ]  # fmt: skip
            release.set()
            got = b""
            while len(unframed(got)) < 4:
                got += getattr(await client.until(DataFrame, 1), "data", b"")
            assert unframed(got) == [b"0 heavier", b"1 1", b"2 heavier", b"3 2"]
            await served.until_streams(0)
            assert exchanges.opened[0].endings == [True]

    run(test())


def test_client_that_hangs_up_ends_its_streams_without_a_fault(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect()
            for number in (1, 3, 5):
                client.send(opening(number), DataFrame(number, framed(b"m")).serialize())
            await served.until_streams(3)
            await client.close()
            await served.until_streams(0)
            assert [each.endings for each in served.exchanges.opened] == [[True]] * 3
            assert (served.faults(), served.closed()) == ({}, {})

    run(test())


def test_client_that_floods_is_cut_off_and_counted_and_others_are_served(tmp_path: Path) -> None:
    async def test() -> None:
        budgets = tuple(20 if kind is Noise.PING else BUDGETS[kind] for kind in Noise)
        async with serving(tmp_path, limits=limits(budgets=budgets)) as served:
            good, bad = [await served.connect() for _ in range(2)]
            bad.open(1)
            await served.until_streams(1)
            bad.send(PingFrame(0, b"12345678").serialize() * 41)
            goaway = await bad.until(GoAwayFrame)
            assert getattr(goaway, "error_code", 0) == 0xB
            await bad.until_closed()
            await served.until_streams(0)
            assert served.closed() == {"pings": 1}
            assert '"reason":"pings"' in served.text.getvalue()
            good.send(opening(1), flagged(DataFrame(1, THREE), "END_STREAM"))
            assert (await _status(good, 1))["grpc-status"] == "0"

    run(test())


def test_client_that_breaks_the_protocol_is_cut_off_and_counted(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect(preface=b"GET / HTTP/1.1\r\n\r\n")
            await client.until_closed()
            other = await served.connect()
            other.send(b"\0\0\1\0\0" + bytes(4) + b"x")
            assert getattr(await other.until(GoAwayFrame), "error_code", 0) == 1
            await other.until_closed()
            assert served.closed() == {"protocol": 2}

    run(test())


def test_client_that_takes_no_answers_is_ended_and_bounded(tmp_path: Path) -> None:
    async def test() -> None:
        exchanges = Exchanges(on_receive=lambda number, raw: b"a" * 1000)
        bounds = limits(message=10_000, queued=2_000)
        async with serving(tmp_path, exchanges, limits=bounds) as served:
            client = await served.connect()
            client.send(SettingsFrame(0, settings={4: 0}).serialize())
            client.send(opening(1), *(DataFrame(1, framed(b"m")).serialize() for _ in range(50)))
            assert getattr(await client.until(RstStreamFrame, 1), "error_code", 0) == 8
            await served.until_streams(0)
            assert served.faults() == {"over_budget": 1}
            assert len(exchanges.opened[0].received) < 20

    run(test())


def test_connection_is_renewed_before_its_stream_numbers_run_out(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path, limits=limits(renew_above=10)) as served:
            client = await served.connect()
            client.send(opening(9), flagged(DataFrame(9, THREE), "END_STREAM"))
            assert (await _status(client, 9))["grpc-status"] == "0"
            client.open(11)
            first = await client.until(GoAwayFrame)
            assert getattr(first, "last_stream_id", 0) == (1 << 31) - 1
            (ping,) = [each for each in client.said if isinstance(each, PingFrame)]
            client.send(opening(13), flagged(PingFrame(0, ping.opaque_data), "ACK"))
            second = await client.until(GoAwayFrame)
            assert getattr(second, "last_stream_id", 0) == 13
            for number in (11, 13):
                client.send(flagged(DataFrame(number, THREE), "END_STREAM"))
            await client.until_closed()
            assert [each.endings for each in served.exchanges.opened] == [[True]] * 3

    run(test())


def test_second_goaway_comes_also_without_an_answer_to_the_ping(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            client = await served.connect()
            client.open(1)
            await served.until_streams(1)
            async with asyncio.TaskGroup() as group:
                drain = group.create_task(served.transport.drain(10))
                await client.until(GoAwayFrame)
                second = await client.until(GoAwayFrame)
                assert getattr(second, "last_stream_id", 0) == 1
                client.send(flagged(DataFrame(1, THREE), "END_STREAM"))
                await client.until_closed()
                await drain

    run(test())


def test_large_answers_to_a_slow_reader_pass_whole(tmp_path: Path) -> None:
    async def test() -> None:
        answer = (
            bytes(range(256)) * 6_000
        )  # three of 1.5 MB: more than the socket and our buffer take
        exchanges = Exchanges(on_receive=lambda number, raw: answer)
        async with serving(tmp_path, exchanges) as served:
            window = SettingsFrame(0, settings={4: (1 << 31) - 1}).serialize()
            client = await served.connect()
            grow = b"\0\0\4\x08\0\0\0\0\0\x7f\0\0\0"  # the connection's window
            client.send(window, grow, opening(1), DataFrame(1, THREE).serialize())
            parts: list[bytes] = []
            while sum(map(len, parts)) < 3 * (len(answer) + 5):
                parts.append(getattr(await client.until(DataFrame, 1), "data", b""))
            assert unframed(b"".join(parts)) == [answer] * 3
            assert served.transport.streams == 1

    run(test())
