"""WebSocket frames, cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.flow.websocket import KEY, ws
from weirline.body.websocket import (
    POLICY_VIOLATION,
    Opcode,
    WebSocketFrame,
    WebSocketReader,
    close_frame,
)
from weirline.errors import Unreadable

STREAM = (
    ws(b"Hello", key=KEY)
    + ws(b"", 9)
    + ws(b"x" * 300, 2, final=False, key=KEY)
    + ws(b"y" * 70_000, 0)
    + ws(b"\x03\xe8", 8, key=KEY)
)
PAYLOADS = [b"Hello", b"", b"x" * 300, b"y" * 70_000, b"\x03\xe8"]


def frames(chunks: list[bytes]) -> list[WebSocketFrame]:
    reader = WebSocketReader(1 << 20)
    return [frame for chunk in chunks for frame in reader.feed(chunk)]


def test_example_of_the_standard_is_read() -> None:
    (frame,) = frames([bytes.fromhex("818537fa213d7f9f4d5158")])
    assert frame.payload == b"Hello"
    assert (frame.opcode, frame.final, frame.key) == (Opcode.TEXT, True, KEY)


@given(cuts=st.lists(st.integers(0, 400), max_size=8))
def test_frames_are_the_same_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    got = frames([STREAM[begin:end] for begin, end in itertools.pairwise(edges)])
    assert [frame.payload for frame in got] == PAYLOADS
    assert b"".join(frame.wire(frame.payload) for frame in got) == STREAM


def test_other_payload_is_masked_with_the_same_key() -> None:
    (frame,) = frames([ws(b"Hello", key=KEY)])
    assert frame.wire(b"*****") == ws(b"*****", key=KEY)


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b"\xc1\x00", "encoding"),  # RSV1
        (b"\xa1\x00", "broken"),  # RSV2
        (b"\x83\x00", "broken"),  # reserved opcode
        (b"\x09\x00", "broken"),  # a ping in fragments
        (b"\x89\x7e\x00\x7e", "broken"),  # a ping that is too long
        (b"\x82\x7f\x00\x00\x00\x00\x00\x20\x00\x00", "frame"),
        (b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "frame"),
    ],
)
def test_what_cannot_be_read_is_refused_and_still_there(wire: bytes, why: str) -> None:
    reader = WebSocketReader(1 << 20)
    with pytest.raises(Unreadable, match=why):
        list(reader.feed(ws(b"good") + wire))
    assert reader.rest() == wire
    assert reader.held_bytes == 0


def test_close_frame_says_why() -> None:
    assert close_frame(POLICY_VIOLATION, masked=b"") == b"\x88\x02\x03\xf0"
    assert close_frame(POLICY_VIOLATION, masked=KEY) == ws(b"\x03\xf0", 8, key=KEY)


@given(data=st.binary(max_size=200))
def test_noise_is_refused_or_read_to_the_byte(data: bytes) -> None:
    reader = WebSocketReader(100)
    out = b""
    try:
        for frame in reader.feed(data):
            out += frame.wire(frame.payload)
    except Unreadable as error:
        assert error.why  # noqa: PT017 - both ends are allowed
    assert out + reader.rest() == data
