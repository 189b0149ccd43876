"""Values divided over the pieces of a running text."""

from __future__ import annotations

import itertools

from tests.weirline.flow.wrapped import SCANNER, judge
from weirline.flow.judge import Judge
from weirline.flow.report import FlowReport
from weirline.flow.running_text import HeldEvent, RunningText

TEXT = b"id #123456 and #654321."


def play(texts: list[bytes], one: Judge | None = None) -> list[HeldEvent]:
    running = RunningText(SCANNER, one or judge(), look_behind_bytes=64)
    events = []
    for text in texts:
        event = HeldEvent(bytearray(b"<" + text + b">"))
        events.append(event)
        running.add(event, 1, 1 + len(text))
    running.finish()
    return events


def joined(events: list[HeldEvent]) -> bytes:
    return b"".join(bytes(event.wire[1:-1]) for event in events)


def test_value_over_pieces_is_masked_in_each_wherever_it_is_divided() -> None:
    for one, two in itertools.combinations(range(len(TEXT)), 2):
        parts = [TEXT[:one], TEXT[one:two], TEXT[two:]]
        events = play(parts)
        whole_in_a_part = [b"#123456", b"#654321"]
        expected = TEXT
        for value in whole_in_a_part:
            if not any(value in part for part in parts):
                expected = expected.replace(value, b"*******")
        assert joined(events) == expected
        assert all(event.waiting == 0 for event in events)


def test_piece_waits_only_while_a_value_may_go_on() -> None:
    running = RunningText(SCANNER, judge(), look_behind_bytes=64)
    events = [HeldEvent(bytearray(text)) for text in (b"plain ", b"id #12", b"34", b" no", b"#")]
    waiting = []
    for event in events:
        running.add(event, 0, len(event.wire))
        waiting.append([each.waiting for each in events])
    assert waiting == [
        [0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
    ]
    assert b"".join(bytes(event.wire) for event in events) == b"plain id #1234 no#"


def test_open_value_is_masked_when_it_may_wait_no_longer_and_the_policy_says_so() -> None:
    running = RunningText(SCANNER, judge(defaults="{held_too_long: mask}"), look_behind_bytes=64)
    running.let_go()
    event = HeldEvent(bytearray(b"<id #12>"))
    running.add(event, 1, 7)
    running.let_go()
    assert (bytes(event.wire), event.waiting) == (b"<id ***>", 0)


def test_value_over_pieces_is_counted_once() -> None:
    report = FlowReport()
    play([b"#12", b"34", b"56 ", b"and more ", b"words"], judge(report=report))
    assert sum(report.findings.values()) == 1


def test_value_in_one_piece_is_left_to_whoever_scans_the_event() -> None:
    report = FlowReport()
    assert joined(play([b"#123456 ", b"x"], judge(report=report))) == b"#123456 x"
    assert not report.findings
