"""Frames, cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.flow.protobuf import frame
from weirline.body.grpc import COMPRESSED, Frame, FrameReader
from weirline.errors import Unreadable

FRAMES = [Frame(0, b"one"), Frame(COMPRESSED, b""), Frame(0x80, b"three" * 50)]
WIRE = b"".join(each.wire() for each in FRAMES)


def test_frame_is_written_as_it_is_read() -> None:
    assert Frame(1, b"abc").wire() == frame(b"abc", 1)


@given(cuts=st.lists(st.integers(0, len(WIRE)), max_size=8))
def test_frames_are_the_same_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WIRE)]
    reader = FrameReader(1000)
    got = [
        each for begin, end in itertools.pairwise(edges) for each in reader.feed(WIRE[begin:end])
    ]
    assert got == FRAMES
    assert reader.held_bytes == 0


def test_frame_that_is_too_long_is_refused_with_everything_still_there() -> None:
    reader = FrameReader(3)
    got: list[Frame] = []
    with pytest.raises(Unreadable, match="frame"):
        got.extend(reader.feed(WIRE))
    assert reader.rest() == WIRE[len(FRAMES[0].wire()) + len(FRAMES[1].wire()) :]
    assert reader.held_bytes == 0


def test_unfinished_frame_waits() -> None:
    reader = FrameReader(1000)
    assert list(reader.feed(WIRE[:6])) == []
    assert reader.held_bytes == 6
