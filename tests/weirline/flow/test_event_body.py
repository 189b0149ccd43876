"""Streams of events and lines: each event masked, running texts joined, order kept."""

from __future__ import annotations

import json

import pytest

from tests.playbook import BLOCK_BOTH
from tests.weirline.flow.wrapped import LIMITS, SCANNER, cut, fed, judge, stepped
from weirline.body.body_format import BodyFormat
from weirline.errors import Unreadable
from weirline.flow.event_body import MOST_TEXTS, EventBody
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.facts import Direction


def body(
    limits: Limits = LIMITS, one: Judge | None = None, format_: BodyFormat = BodyFormat.EVENTS
) -> EventBody:
    return EventBody(SCANNER, limits, one or judge(), format_=format_)


def event(text: str, index: int = 0) -> bytes:
    document = {"choices": [{"index": index, "delta": {"content": text}}]}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


def said(stream: bytes, index: int = 0) -> str:
    """What a client puts together of one choice."""
    text = ""
    for line in stream.splitlines():
        if line.startswith(b"data: {"):
            choice = json.loads(line[6:])["choices"][0]
            text += choice["delta"]["content"] if choice["index"] == index else ""
    return text


SPOKEN = ["Hello", ' "you" ', "id #", "12", "34", "56.", " Bye", "", " #654321", " end"]
STREAM = b"".join(map(event, SPOKEN)) + b"data: [DONE]\n\n"
HEARD = "".join(SPOKEN).replace("#123456", "*******").replace("#654321", "*******")


def test_value_over_events_is_masked_wherever_the_stream_is_cut() -> None:
    for edge in range(0, len(STREAM), 3):
        out = fed(body(), cut(STREAM, edge))
        assert said(out) == HEARD
        assert len(out) == len(STREAM)
    assert said(fed(body(), stepped(STREAM, 1))) == HEARD


def test_texts_of_several_choices_are_kept_apart() -> None:
    stream = event("#12", 0) + event("#65", 1) + event("3456 ", 0) + event("4321 ", 1)
    out = fed(body(), [stream])
    assert said(out, 0) == "******* "
    assert said(out, 1) == "******* "
    assert fed(body(), [event("#123", 0), event("456 ", 1)]) == event("#123", 0) + event("456 ", 1)


def test_event_without_an_open_value_leaves_with_its_last_byte() -> None:
    subject = body()
    one = event("Hello ")
    assert subject.feed(one[:-1], last=False) == b""
    assert subject.feed(one[-1:], last=False) == one
    assert subject.held_bytes == 0


def test_event_with_an_open_value_waits_for_the_next_and_order_is_kept() -> None:
    subject = body()
    comment = b": ping\n\n"
    assert subject.feed(event("id #12"), last=False) == b""
    assert subject.feed(comment, last=False) == b""
    assert subject.feed(event(" no"), last=False) == event("id #12") + comment + event(" no")


def test_events_that_wait_can_be_released_before_the_next() -> None:
    subject = body()
    subject.feed(event("id #12"), last=False)
    assert subject.release() == event("id #12")
    assert subject.held_bytes == 0
    assert subject.feed(event("3456 "), last=False) == event("**** ")


def test_value_in_data_that_is_no_json_is_masked() -> None:
    stream = b"event: x\ndata: id #123456\ndata: more\n\n"
    assert fed(body(), [stream]) == stream.replace(b"#123456", b"*******")


def test_fields_of_records_are_not_joined() -> None:
    stream = b'{"name":"#123"}\n{"name":"456"}\n'
    assert fed(body(format_=BodyFormat.LINES), [stream]) == stream


def test_record_that_holds_a_value_is_masked_whatever_follows_it() -> None:
    stream = b'{"text":"#123456"}\n{"text":"7 lives"}\n{"text":"#654321"}'
    out = fed(body(format_=BodyFormat.LINES), stepped(stream, 5))
    assert out == stream.replace(b"#123456", b"*******").replace(b"#654321", b"*******")


def test_block_is_told_before_the_event_leaves() -> None:
    one = judge(BLOCK_BOTH)
    subject = body(one=one)
    subject.feed(event("#12"), last=False)
    subject.feed(event("3456 "), last=False)
    assert one.refusal is not None


def test_more_than_may_wait_is_released_and_counted() -> None:
    report = FlowReport()
    subject = body(Limits(hold_back_bytes=100), judge(report=report))
    out = subject.feed(event("#12") + event("34"), last=False)
    assert out == event("#12") + event("34")
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.HOLD_BACK): 1}


def test_event_too_long_to_be_held_can_be_sent_on() -> None:
    subject = body(Limits(frame_bytes=50))
    with pytest.raises(Unreadable, match="frame"):
        subject.feed(b"data: #123456\n\ndata: " + b"x" * 60, last=False)
    assert subject.salvage() == b"data: *******\n\ndata: " + b"x" * 60


def test_more_texts_than_are_followed_are_looked_at_event_by_event() -> None:
    subject = body()
    for index in range(MOST_TEXTS + 5):
        subject.feed(event("x ", index), last=False)
    assert subject.feed(event("#12", MOST_TEXTS + 4), last=False) == event("#12", MOST_TEXTS + 4)
    late = event("#123456 ", MOST_TEXTS + 4)
    assert subject.feed(late, last=False) == late.replace(b"#123456", b"*******")


def test_what_is_held_leaves_when_nothing_is_looked_at_any_more() -> None:
    subject = body()
    subject.feed(event("#12") + b"data: be", last=False)
    subject.let_pass()
    assert subject.feed(b"gun", last=False) == event("#12") + b"data: begun"
    assert subject.feed(b"#123456", last=False) is None
