"""One protobuf message as a body."""

from __future__ import annotations

import pytest

from tests.weirline.flow.protobuf import text
from tests.weirline.flow.wrapped import LIMITS, SCANNER, cut, fed, judge
from weirline.errors import Unreadable
from weirline.flow.limits import Limits
from weirline.flow.protobuf_body import ProtobufBody

MESSAGE = text(1, b"id #123456") + text(2, b"clean")
MASKED = MESSAGE.replace(b"#123456", b"*******")


def protobuf(limits: Limits = LIMITS) -> ProtobufBody:
    return ProtobufBody(SCANNER, limits, judge())


def test_message_is_masked_wherever_it_is_cut() -> None:
    assert protobuf().feed(MESSAGE, last=True) == MASKED
    for edge in range(len(MESSAGE)):
        assert fed(protobuf(), cut(MESSAGE, edge)) == MASKED


def test_clean_message_is_left_alone() -> None:
    assert protobuf().feed(text(1, b"clean"), last=True) is None


def test_message_too_long_to_be_held_can_be_sent_on() -> None:
    subject = protobuf(Limits(frame_bytes=10))
    assert subject.feed(b"x" * 8, last=False) == b""
    assert subject.held_bytes == 8
    with pytest.raises(Unreadable, match="frame"):
        subject.feed(b"yyy", last=False)
    assert subject.salvage() == b"x" * 8 + b"yyy"


def test_what_is_held_leaves_when_nothing_is_looked_at_any_more() -> None:
    subject = protobuf()
    subject.feed(MESSAGE[:5], last=False)
    subject.let_pass()
    assert subject.feed(MESSAGE[5:], last=True) == MESSAGE
    assert subject.feed(b"more", last=True) is None
