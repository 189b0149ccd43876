"""Streams of events and of lines, cut into their parts."""

from __future__ import annotations

import itertools

import pytest

from weirline.body.body_format import BodyFormat
from weirline.body.events import PartReader, data_spans

EVENTS = [
    b"data: one\n\n",
    b": comment\r\n\r\n",
    b"event: x\rdata: two\rdata: three\r\r",
    b"data\n\n",
]
STREAM = b"".join(EVENTS)


def parts(chunks: list[bytes], format_: BodyFormat = BodyFormat.EVENTS) -> list[bytes]:
    reader = PartReader(format_)
    found = [part for chunk in chunks for part in reader.feed(chunk)]
    return [*found, *filter(None, [reader.rest()])]


def test_events_end_with_an_empty_line_however_lines_end() -> None:
    assert parts([STREAM]) == EVENTS


def test_no_byte_is_lost_wherever_the_stream_is_cut() -> None:
    for one, two in itertools.combinations(range(len(STREAM)), 2):
        got = parts([STREAM[:one], STREAM[one:two], STREAM[two:]])
        assert b"".join(got) == STREAM
        assert [part.strip() for part in got if part.strip()] == [
            part.strip() for part in EVENTS if part.strip()
        ]


def test_lines_end_with_their_line_feed() -> None:
    assert parts([b'{"a":1}\n{"b"', b':2}\r\n{"c":3}'], BodyFormat.LINES) == [
        b'{"a":1}\n',
        b'{"b":2}\r\n',
        b'{"c":3}',
    ]


def test_unfinished_part_waits() -> None:
    reader = PartReader(BodyFormat.EVENTS)
    assert list(reader.feed(b"data: x\n")) == []
    assert reader.held_bytes == 8


@pytest.mark.parametrize(
    ("part", "data"),
    [
        (b"data: one\n\n", [b"one"]),
        (b"event: x\r\ndata:two\r\ndata: three\r\n\r\n", [b"two", b"three"]),
        (b": data: no\nid: 1\n\n", []),
    ],
)
def test_data_of_an_event_is_that_of_its_data_lines(part: bytes, data: list[bytes]) -> None:
    spans = data_spans(part, BodyFormat.EVENTS)
    assert [part[start:end] for start, end in spans] == data


def test_data_of_a_line_is_all_of_it() -> None:
    assert data_spans(b'{"a":1}\n', BodyFormat.LINES) == [(0, 8)]
