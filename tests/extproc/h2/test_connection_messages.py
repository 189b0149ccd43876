"""gRPC messages on the compiled session: put together, refused, answered, ended."""

from __future__ import annotations

import random

import pytest

from extproc.h2 import _nghttp2 as nghttp2
from tests.extproc.h2.wire import Wire, framed, limits, request, unframed
from tests.fakes.fast_transport import FULL

pytestmark = FULL

OK = ((b"grpc-status", b"0"),)
KIB = 1024


def test_messages_come_out_the_same_however_their_bytes_are_cut() -> None:
    sent = [b"", b"a", b"bc" * 300, b"", b"\0" * 70_000]
    data = framed(*sent)
    for seed in range(30):
        wire, dice = Wire(), random.Random(seed)
        number = wire.open()
        at = 0
        while at < len(data):
            size = dice.choice((1, 2, 4, 5, 6, 100, 16 * KIB))
            wire.send(number, data[at : at + size], end=at + size >= len(data))
            at += size
        wire.turn()
        assert wire.messages() == sent, f"seed {seed}"
        assert wire.of(nghttp2.EVENT_HALF_CLOSED) == [(number, None)]


def test_every_cut_of_the_bytes_on_the_wire_gives_the_same_events() -> None:
    whole = Wire()
    whole.send(whole.open(), framed(b"one", b"two"), end=True)
    recorded = whole.client.data_to_send()
    whole.raw(recorded)
    for cut in range(1, len(recorded)):
        wire = Wire()
        wire.raw(recorded[:cut])
        wire.raw(recorded[cut:])
        assert wire.events == whole.events, f"cut at {cut}"


def test_message_longer_than_its_first_room_is_put_together() -> None:
    wire = Wire(limits(message=8 << 20, stream_window=8 << 20, connection_window=8 << 20))
    message = random.Random(1).randbytes(5 << 20)
    wire.send(wire.open(), framed(message, b"next"), end=True)
    wire.turn()
    assert wire.messages() == [message, b"next"]
    assert wire.session.usage()[1] == 0


def test_length_alone_takes_little_memory() -> None:
    wire = Wire(limits(message=1 << 31))
    wire.send(wire.open(), b"\0\x7f\xff\xff\xff" + b"x")
    wire.turn()
    assert wire.session.usage() == (1, 1 << 20)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (framed(b"zipped", flag=1), nghttp2.FAULT_COMPRESSED),
        (framed(b"odd", flag=7), nghttp2.FAULT_COMPRESSED),
        (framed(b"x" * 1025), nghttp2.FAULT_TOO_LARGE),
        (b"\0\xff\xff\xff\xff", nghttp2.FAULT_TOO_LARGE),
        (b"\0\0\0", nghttp2.FAULT_TRUNCATED),
        (framed(b"four")[:-1], nghttp2.FAULT_TRUNCATED),
    ],
    ids=["compressed", "unknown flag", "over", "far over", "half a prefix", "half a message"],
)
def test_bad_message_is_told_once_and_ends_what_is_read(data: bytes, fault: int) -> None:
    wire = Wire(limits(message=KIB))
    number = wire.open()
    wire.send(number, framed(b"good") + data, end=True)
    wire.turn()
    assert wire.messages() == [b"good"]
    assert wire.of(nghttp2.EVENT_BAD_MESSAGE) == [(number, fault)]
    assert not wire.of(nghttp2.EVENT_HALF_CLOSED)


def test_nothing_comes_of_a_stream_behind_a_bad_message() -> None:
    wire = Wire()
    number = wire.open()
    wire.send(number, framed(b"zipped", flag=1) + framed(b"late"))
    wire.send(number, framed(b"later"), end=True)
    wire.turn()
    assert [kind for kind, _, _ in wire.events] == [
        nghttp2.EVENT_OPENED,
        nghttp2.EVENT_BAD_MESSAGE,
    ]


def test_unfinished_messages_of_all_streams_together_are_bounded() -> None:
    wire = Wire(limits(buffered=100 * KIB))
    numbers = [wire.open() for _ in range(3)]
    for number in numbers:
        wire.send(number, framed(b"x" * 40 * KIB)[: 30 * KIB])
    wire.turn()
    assert wire.of(nghttp2.EVENT_BAD_MESSAGE) == [(numbers[2], nghttp2.FAULT_NO_ROOM)]
    assert wire.session.usage() == (3, 80 * KIB)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (request(method="GET"), nghttp2.REFUSED_METHOD),
        (request(content_type="application/json"), nghttp2.REFUSED_TYPE),
        (request(content_type="application/grpcx"), nghttp2.REFUSED_TYPE),
        (request(content_type=""), nghttp2.REFUSED_TYPE),
        (request(te=""), nghttp2.REFUSED_TE),
        (request(path="/grpc.health.v1.Health/Watch"), nghttp2.REFUSED_PATH),
        (request(path="/"), nghttp2.REFUSED_PATH),
    ],
)
def test_request_for_something_else_is_told_by_its_first_reason(
    fields: list[tuple[str, str]], refusal: int
) -> None:
    wire = Wire()
    number = wire.open(fields)
    wire.send(number, framed(b"ignored"), end=True)
    wire.turn()
    assert wire.events == [
        (nghttp2.EVENT_REFUSED, number, refusal),
        (nghttp2.EVENT_HALF_CLOSED, number, None),
    ]


@pytest.mark.parametrize("kind", ["application/grpc+proto", "application/grpc;charset=x"])
def test_every_spelling_of_the_grpc_type_is_taken(kind: str) -> None:
    wire = Wire()
    number = wire.open(request(content_type=kind))
    wire.turn()
    assert wire.events == [(nghttp2.EVENT_OPENED, number, -1)]


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1H", 3_600_000), ("2M", 120_000), ("3S", 3_000), ("4m", 4), ("5u", 1), ("6n", 1),
        ("99999999H", 359_999_996_400_000), ("0m", 0), ("123456789m", -1), ("S", -1), ("1x", -1),
        ("-1S", -1), ("1.5S", -1),
    ],
)  # fmt: skip
def test_timeout_of_a_request_is_read_in_milliseconds(text: str, ms: int) -> None:
    wire = Wire()
    number = wire.open(request(grpc_timeout=text))
    wire.turn()
    assert wire.events == [(nghttp2.EVENT_OPENED, number, ms)]


@pytest.mark.parametrize("size", [0, 1, 5, 16 * KIB - 5, 16 * KIB, 16 * KIB + 1, 200 * KIB])
def test_answers_arrive_whole_and_in_order_before_the_status(size: int) -> None:
    wire = Wire()
    number = wire.open()
    wire.send(number, framed(b"x"), end=True)
    wire.turn()
    answers = [b"a" * size, b"", b"b" * 3]
    for answer in answers:
        assert wire.session.answer(number, answer)
    wire.session.finish(number, OK)
    wire.back()
    wire.turn()
    got = wire.got[number]
    assert got.headers == {":status": "200", "content-type": "application/grpc"}
    assert unframed(got.data) == answers
    assert (got.trailers, got.ended, got.reset) == ({"grpc-status": "0"}, True, None)
    assert wire.session.usage() == (0, 0)


def test_status_without_an_answer_is_one_block_of_fields() -> None:
    wire = Wire()
    number = wire.open(end=True)
    wire.turn()
    wire.session.finish(number, ((b"grpc-status", b"13"), (b"grpc-message", b"no")))
    wire.back()
    got = wire.got[number]
    assert got.headers["grpc-status"] == "13"
    assert got.headers["content-type"] == "application/grpc"
    assert (got.ended, got.trailers, got.data) == (True, {}, b"")


def test_client_that_still_sends_is_told_to_stop_behind_the_status() -> None:
    wire = Wire()
    number = wire.open()
    wire.turn()
    wire.session.answer(number, b"answer")
    wire.session.finish(number, OK)
    wire.back()
    got = wire.got[number]
    assert (unframed(got.data), got.trailers, got.ended) == (
        [b"answer"],
        {"grpc-status": "0"},
        True,
    )
    assert wire.session.usage() == (0, 0)


def test_stream_that_the_client_resets_is_told_and_forgotten() -> None:
    wire = Wire()
    number = wire.open()
    wire.send(number, framed(b"one") + b"\0\0")
    wire.turn()
    wire.client.reset_stream(number, 8)
    wire.turn()
    assert wire.events[-1] == (nghttp2.EVENT_CLOSED, number, 8)
    assert wire.session.usage() == (0, 0)
    assert wire.session.answer(number, b"late")
    wire.session.finish(number, OK)
    assert wire.back() == b""


def test_trailers_of_the_client_close_its_side() -> None:
    wire = Wire()
    number = wire.open()
    wire.send(number, framed(b"one"))
    wire.client.send_headers(number, [("x-checksum", "1")], end_stream=True)
    wire.turn()
    assert wire.messages() == [b"one"]
    assert wire.of(nghttp2.EVENT_HALF_CLOSED) == [(number, None)]


def test_session_that_is_dropped_in_the_middle_gives_everything_back() -> None:
    wire = Wire()
    numbers = [wire.open() for _ in range(3)]
    for number in numbers:
        wire.send(number, framed(b"whole") + framed(b"half" * 100)[:50])
    wire.turn()
    answer = b"kept by nobody else" * 1000
    for number in numbers:
        wire.session.answer(number, answer)
    del wire.session  # the sanitizer of the full suite would see what is left


@pytest.mark.parametrize(
    "call",
    [
        "session.answer(1, 'text')",
        "session.answer(1)",
        "session.answer('1', b'')",
        "session.finish(1, [])",
        "session.finish(1, ((b'a',),))",
        "session.finish(1, (('a', 'b'),))",
        "session.respond(1, ((b'a', b'b'),) * 17)",
        "session.receive(b'', 1)",
        "session.receive(1, 1)",
        "session.receive(b'')",
        "session.reset(1, -1)",
        "session.hold('1')",
    ],
)
def test_wrong_use_is_refused_by_python_errors(call: str) -> None:
    wire = Wire()
    wire.open()
    wire.turn()
    with pytest.raises((TypeError, ValueError)):
        eval(call, {"session": wire.session})  # noqa: S307 - the table above
