"""Text inside a wrapping leaves as text in a stream of its own does."""

from __future__ import annotations

from tests.weirline.flow.wrapped import LIMITS, SCANNER, fed, judge
from weirline.flow.body_reader import PlainBody
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.facts import Direction


def plain(limits: Limits = LIMITS, report: FlowReport | None = None) -> PlainBody:
    return PlainBody(SCANNER, limits, judge(report=report))


def test_piece_without_anything_is_left_as_it_is() -> None:
    subject = plain()
    assert subject.feed(b"nothing here", last=False) is None
    assert subject.text_bytes == 12
    assert subject.held_bytes == 0


def test_value_over_two_pieces_is_masked_in_both() -> None:
    assert fed(plain(), [b"id #12", b"3456."]) == b"id *******."


def test_open_value_waits() -> None:
    subject = plain()
    assert subject.feed(b"id #12", last=False) == b"id "
    assert subject.held_bytes == 3
    assert subject.feed(b"", last=True) == b"#12"


def test_more_than_may_wait_is_counted() -> None:
    report = FlowReport()
    subject = plain(Limits(hold_back_bytes=2), report)
    assert subject.feed(b"#123", last=False) == b"#1"
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.HOLD_BACK): 1}


def test_nothing_is_looked_at_any_more_on_demand() -> None:
    subject = plain()
    subject.let_pass()
    assert subject.feed(b"#123456", last=True) is None
    assert subject.salvage() is None
