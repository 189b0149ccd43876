"""Messages of WebSocket: masked whatever their fragments, held as little as can be."""

from __future__ import annotations

import pytest

from tests.playbook import BLOCK_BOTH
from tests.weirline.flow.websocket import KEY, ws
from tests.weirline.flow.wrapped import LIMITS, SCANNER, cut, fed, judge, stepped
from weirline.errors import Unreadable
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Outcome
from weirline.flow.websocket_body import WebSocketBody


def body(limits: Limits = LIMITS, one: Judge | None = None) -> WebSocketBody:
    return WebSocketBody(SCANNER, limits, one or judge())


@pytest.mark.parametrize("key", [b"", KEY])
def test_value_over_fragments_is_masked_wherever_it_is_divided_and_cut(key: bytes) -> None:
    text, hidden = b"id #123456 end", b"id ******* end"
    for at in range(len(text)):
        stream = ws(text[:at], final=False, key=key) + ws(b"ping", 9, key=key)
        stream += ws(text[at:], 0, key=key)
        ping = ws(b"ping", 9, key=key)
        masked = ping + ws(hidden[:at], final=False, key=key) + ws(hidden[at:], 0, key=key)
        assert fed(body(), [stream]) == masked
        assert fed(body(), stepped(stream, 1)) == masked
        assert fed(body(), cut(stream, at)) == masked


def test_whole_message_leaves_with_its_last_byte() -> None:
    subject = body()
    message = ws(b"is it #1", key=KEY)
    assert subject.feed(message[:-1], last=False) == b""
    assert subject.feed(message[-1:], last=False) == message
    assert subject.held_bytes == 0


def test_value_over_two_messages_loses_its_second_half() -> None:
    out = fed(body(), [ws(b"id #123"), ws(b"456 end")])
    assert out == ws(b"id #123") + ws(b"*** end")


def test_value_in_one_message_is_found_whatever_came_before() -> None:
    assert fed(body(), [ws(b"7"), ws(b"#123456"), ws(b"7")]) == ws(b"7") + ws(b"*******") + ws(b"7")


def test_binary_message_is_looked_at_too() -> None:
    assert fed(body(), [ws(b"\x00#123456\xff", 2)]) == ws(b"\x00*******\xff", 2)


@pytest.mark.parametrize("key", [b"", KEY])
def test_block_closes_the_connection_in_place_of_the_message(key: bytes) -> None:
    report = FlowReport()
    one = judge(BLOCK_BOTH, report=report)
    subject = body(one=one)
    good = ws(b"good", key=key)
    out = subject.feed(good + ws(b"#123456", key=key) + ws(b"more", key=key), last=False)
    assert out == good + ws(b"\x03\xf0", 8, key=key)
    assert one.refusal is None
    assert report.outcome is Outcome.CUT
    assert subject.feed(ws(b"#123456", key=key), last=False) == b""


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b"\xc1\x00", "encoding"),
        (ws(b"x", 0), "broken"),
        (ws(b"x", final=False) + ws(b"y"), "broken"),
        (ws(b"x" * 101), "frame"),
        (ws(b"x" * 60, final=False) + ws(b"y" * 60, 0), "frame"),
    ],
)
def test_what_cannot_be_read_can_be_sent_on(wire: bytes, why: str) -> None:
    subject = body(Limits(frame_bytes=100))
    good = ws(b"#123456")
    with pytest.raises(Unreadable, match=why):
        subject.feed(good + wire, last=False)
    assert subject.salvage() == ws(b"*******") + wire


def test_what_is_held_leaves_when_nothing_is_looked_at_any_more() -> None:
    subject = body()
    start = ws(b"id #12", final=False, key=KEY) + ws(b"34", 0, key=KEY)[:4]
    subject.feed(start, last=False)
    subject.let_pass()
    assert subject.feed(b"rest", last=False) == start + b"rest"
    assert subject.feed(b"#123456", last=False) is None


def test_what_is_unfinished_at_the_end_is_dropped() -> None:
    assert fed(body(), [ws(b"id #12", final=False)]) == b""
