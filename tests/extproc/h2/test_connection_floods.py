"""Frames without end that move nothing: counted, told, and in the end the connection's end."""

from __future__ import annotations

import struct
from collections.abc import Callable

import hpack
import pytest
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.limits import Noise
from tests.extproc.h2.wire import Frames, flagged, framed, limits, opening, request
from tests.fakes.fast_transport import FULL

pytestmark = FULL

BUDGET = 5
TIGHT = limits(budgets=(BUDGET,) * len(Noise), streams=1000)


def _reset(number: int) -> bytes:
    return opening(number) + RstStreamFrame(number, error_code=8).serialize()


def _big_headers(number: int) -> bytes:
    fields = [*request(), *((f"x-{at}", "v" * 1000) for at in range(17))]
    block = hpack.Encoder().encode(fields)
    first, rest = block[:16_000], block[16_000:]
    last = flagged(ContinuationFrame(number, rest), "END_HEADERS")
    return HeadersFrame(number, first).serialize() + last


def _refused(number: int) -> bytes:
    return opening(number, request(path="/elsewhere"))


FLOODS: dict[Noise, Callable[[int], bytes]] = {
    Noise.RESET: _reset,
    Noise.PING: lambda number: PingFrame(0, b"12345678").serialize(),
    Noise.SETTINGS: lambda number: SettingsFrame(0, settings={3: 7}).serialize(),
    Noise.EMPTY_DATA: lambda number: DataFrame(1).serialize(),
    Noise.WINDOW_UPDATE: lambda number: WindowUpdateFrame(0, window_increment=1).serialize(),
    Noise.PRIORITY: lambda number: PriorityFrame(number, stream_weight=3).serialize(),
    Noise.HEADERS: _big_headers,
    Noise.REFUSED_REQUEST: _refused,
}


def _spent(wire: Frames, kind: Noise) -> list[object]:
    told = [payload for _, payload in wire.of(nghttp2.EVENT_NOISE)]
    assert set(told) <= {kind}
    return told


@pytest.mark.parametrize("kind", Noise)
def test_flood_spends_its_budget_again_and_again_and_is_counted(kind: Noise) -> None:
    wire = Frames(TIGHT)
    wire.feed(opening(1))
    before = wire.session.noise()
    for at in range(4 * BUDGET):
        wire.feed(FLOODS[kind](3 + 2 * at))
    assert len(_spent(wire, kind)) >= 3
    after = wire.session.noise()
    assert after[kind] - before[kind] == 4 * BUDGET
    assert wire.session.usage()[0] <= 1 + 4 * BUDGET


@pytest.mark.parametrize("kind", [Noise.PING, Noise.WINDOW_UPDATE, Noise.EMPTY_DATA])
def test_messages_pay_for_frames_between_them(kind: Noise) -> None:
    wire = Frames(TIGHT)
    wire.feed(opening(1))
    for _ in range(10 * BUDGET):
        wire.feed(FLOODS[kind](1))
        wire.feed(flagged(DataFrame(1, framed(b"message"))))
    assert not _spent(wire, kind)


def test_frames_of_unknown_types_are_dropped_as_they_come() -> None:
    wire = Frames(TIGHT)
    said = len(wire.said)
    for at in range(10_000):
        wire.feed(b"\0\0\1\xee\0" + at.to_bytes(4, "big") + b"x")
    assert (wire.events, wire.said[said:], wire.session.usage()) == ([], [], (0, 0))


def test_reset_after_an_answer_is_no_noise() -> None:
    wire = Frames(TIGHT)
    for at in range(4 * BUDGET):
        number = 1 + 2 * at
        wire.feed(opening(number) + DataFrame(number, framed(b"m")).serialize())
        wire.session.answer(number, b"answer")
        wire.back()
        wire.feed(RstStreamFrame(number, error_code=8).serialize())
    assert not wire.of(nghttp2.EVENT_NOISE)
    assert wire.session.usage() == (0, 0)


def test_continuation_without_end_breaks_the_connection() -> None:
    wire = Frames()
    wire.feed(HeadersFrame(1, hpack.Encoder().encode(request())).serialize())
    for _ in range(20):
        wire.feed(ContinuationFrame(1, b"").serialize())
    assert [kind for kind, _, _ in wire.events] == [nghttp2.EVENT_BROKEN]
    assert wire.session.over()


def test_acknowledgements_that_nobody_reads_are_bounded() -> None:
    wire = Frames(limits(budgets=(1 << 30,) * len(Noise)))
    ping = PingFrame(0, b"12345678").serialize()
    events: list[nghttp2.Event] = []
    said = 0
    for _ in range(100):
        burst = ping * 1000
        events += wire.session.receive(burst, len(burst))
        said += len(wire.session.take())
    assert said <= 100 * 1000 * len(ping)  # an answer each and no more
    assert (
        not [event for event in events if event[0] == nghttp2.EVENT_BROKEN] or wire.session.over()
    )


def test_table_of_header_fields_filled_with_one_large_one_costs_no_memory() -> None:
    wire = Frames()
    block = hpack.Encoder().encode([*request(), ("x-bomb", "b" * 3900)])
    bomb = block + b"\xbe" * 12_000  # the newest entry, twelve thousand times: 47 MB unpacked
    wire.feed(flagged(HeadersFrame(1, bomb), "END_HEADERS"))
    assert wire.session.noise()[Noise.HEADERS] == 1
    assert wire.session.usage() == (0, 0)
    assert not wire.of(nghttp2.EVENT_OPENED)


def test_streams_over_the_limit_of_a_connection_are_refused() -> None:
    wire = Frames(limits(streams=3))
    for at in range(10):
        wire.feed(opening(1 + 2 * at))
    assert len(wire.of(nghttp2.EVENT_OPENED)) == 3
    assert wire.session.usage()[0] == 3


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 1 << 31)[1:] + b"\0" * 6,
        b"\xff" * 100,
    ],
    ids=["HTTP/1", "zeros", "ones"],
)
def test_client_that_speaks_something_else_is_told_off(data: bytes) -> None:
    from extproc.h2.grpc_fields import new_session

    session = new_session(TIGHT)
    session.take()
    events = session.receive(data, len(data))
    assert [kind for kind, _, _ in events] == [nghttp2.EVENT_BROKEN]
    session.take()
    assert session.over()


def test_broken_frame_is_answered_with_goaway_and_told() -> None:
    wire = Frames()
    wire.feed(b"\0\0\1\0\0" + bytes(4) + b"x")  # DATA of no stream
    assert wire.of(nghttp2.EVENT_BROKEN) == [(0, 1)]
    assert wire.goaways()[-1][1] == 1
    assert wire.session.over()
