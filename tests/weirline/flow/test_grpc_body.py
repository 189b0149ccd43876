"""Streams of gRPC, gRPC-Web and Connect: cut anywhere, packed or not, whole or broken."""

from __future__ import annotations

import base64
import gzip

import pytest

from tests.weirline.flow.protobuf import frame, text
from tests.weirline.flow.wrapped import LIMITS, SCANNER, cut, fed, judge, stepped
from weirline.body.encoding import Coding
from weirline.body.grpc import FrameReader
from weirline.errors import Unreadable
from weirline.flow.grpc_body import Base64Body, GrpcBody
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.facts import Direction

STREAM = (
    frame(text(1, b"first #123456"))
    + frame(b"")
    + frame(text(1, b"clean"))
    + frame(text(2, text(1, b"#654321")))
)
MASKED = STREAM.replace(b"#123456", b"*******").replace(b"#654321", b"*******")


def grpc(
    *,
    codings: tuple[Coding, ...] | None = (),
    limits: Limits = LIMITS,
    report: FlowReport | None = None,
) -> GrpcBody:
    return GrpcBody(SCANNER, limits, judge(report=report), codings=codings)


def test_stream_cut_at_every_offset_is_masked_the_same() -> None:
    for edge in range(len(STREAM)):
        assert fed(grpc(), cut(STREAM, edge)) == MASKED
        assert fed(grpc(), [STREAM[:edge], b"", STREAM[edge:]]) == MASKED
    assert fed(grpc(), stepped(STREAM, 1)) == MASKED


def test_every_frame_leaves_with_its_last_byte() -> None:
    subject = grpc()
    first = frame(text(1, b"first #123456"))
    assert subject.feed(first[:-1], last=False) == b""
    assert subject.feed(first[-1:], last=False) == first.replace(b"#123456", b"*******")
    assert subject.held_bytes == 0


def test_clean_frames_leave_as_they_came() -> None:
    assert grpc().feed(frame(b"") + frame(text(1, b"clean")), last=False) is None


@pytest.mark.parametrize("coding", list(Coding))
def test_packed_message_is_masked_and_its_length_told(coding: Coding) -> None:
    from weirline.body.encoding import Decoder, Encoder

    message = text(1, b"packed #123456 " * 20)
    packed = frame(Encoder((coding,)).finish(message), 1)
    out = fed(grpc(codings=(coding,)), stepped(packed + frame(text(1, b"x")), 3))
    one, two = FrameReader(1 << 20).feed(out)
    assert one.flags == 1
    unpacked = b"".join(Decoder((coding,), max_ratio=100).pieces(one.payload))
    assert unpacked == message.replace(b"#123456", b"*******")
    assert two.payload == text(1, b"x")


def test_clean_packed_message_is_left_alone() -> None:
    packed = frame(gzip.compress(text(1, b"clean")), 1)
    assert grpc(codings=(Coding.GZIP,)).feed(packed, last=False) is None


@pytest.mark.parametrize("codings", [None, ()])
def test_message_in_an_unknown_coding_can_be_sent_on(codings: tuple[Coding, ...] | None) -> None:
    subject = grpc(codings=codings)
    stream = frame(text(1, b"#123456")) + frame(b"packed somehow", 1) + frame(b"")
    with pytest.raises(Unreadable, match="encoding"):
        subject.feed(stream, last=False)
    assert subject.salvage() == stream.replace(b"#123456", b"*******")


def test_message_that_unpacks_to_too_much_is_refused() -> None:
    packed = frame(gzip.compress(bytes(2 << 20)), 1)
    with pytest.raises(Unreadable, match="ratio"):
        grpc(codings=(Coding.GZIP,)).feed(packed, last=False)


def test_message_too_long_to_be_held_can_be_sent_on() -> None:
    subject = grpc(limits=Limits(frame_bytes=10))
    stream = frame(b"short") + frame(b"x" * 11)
    with pytest.raises(Unreadable, match="frame"):
        subject.feed(stream, last=False)
    assert subject.salvage() == stream


def test_end_within_a_frame_is_counted_and_looked_at_as_text() -> None:
    report = FlowReport()
    out = fed(grpc(report=report), [frame(b"id #123456 and more")[:-4]])
    assert b"#123456" not in out
    assert len(out) == len(frame(b"id #123456 and more")) - 4
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.BROKEN): 1}


@pytest.mark.parametrize("flags", [0x80, 0x02])
def test_trailers_in_a_frame_of_their_own_are_text(flags: int) -> None:
    trailers = frame(b"grpc-status: 7\r\ngrpc-message: no #123456\r\n", flags)
    assert fed(grpc(), [trailers]) == trailers.replace(b"#123456", b"*******")


def test_json_in_frames_is_text() -> None:
    stream = frame(b'{"id": "#123456"}')
    assert fed(grpc(), [stream]) == frame(b'{"id": "*******"}')


def test_nothing_is_looked_at_any_more_on_demand() -> None:
    subject = grpc()
    subject.feed(STREAM[:8], last=False)
    subject.let_pass()
    assert subject.feed(STREAM[8:], last=False) == STREAM
    assert subject.feed(STREAM, last=True) is None


# gRPC-Web in base64


def web(stream: bytes, segments: int) -> bytes:
    step = -(-len(stream) // segments)
    return b"".join(base64.b64encode(part) for part in stepped(stream, step))


def decoded(data: bytes) -> bytes:
    return b"".join(base64.b64decode(part) for part in stepped(data, 4))


@pytest.mark.parametrize("segments", [1, 3, 7])
def test_stream_in_base64_cut_at_every_offset_is_masked_the_same(segments: int) -> None:
    data = web(STREAM, segments)
    for edge in range(len(data)):
        assert decoded(fed(Base64Body(grpc()), cut(data, edge))) == MASKED
    assert decoded(fed(Base64Body(grpc()), stepped(data, 1))) == MASKED


def test_clean_stream_in_base64_leaves_as_it_came() -> None:
    data = web(frame(text(1, b"clean")), 1)
    assert Base64Body(grpc()).feed(data, last=False) is None


@pytest.mark.parametrize("junk", [b"!!!!", b"AAA"])
def test_what_is_no_base64_can_be_sent_on(junk: bytes) -> None:
    subject = Base64Body(grpc())
    data = web(frame(text(1, b"clean")), 1)
    assert subject.feed(data, last=False) is None
    with pytest.raises(Unreadable, match="broken"):
        subject.feed(junk, last=True)
    assert subject.salvage() == junk


def test_base64_whose_frames_cannot_be_read_can_be_sent_on() -> None:
    subject = Base64Body(grpc(codings=None))
    stream = frame(b"packed", 1)
    with pytest.raises(Unreadable, match="encoding"):
        subject.feed(base64.b64encode(stream), last=False)
    assert decoded(subject.salvage() or b"") == stream
    subject.let_pass()
    assert subject.held_bytes == 0
    assert subject.text_bytes == len(b"packed")
