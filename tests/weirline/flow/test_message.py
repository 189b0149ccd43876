"""What is remembered of one direction, and how its rulings are counted."""

from __future__ import annotations

import pytest

from tests.playbook import REDACT_BOTH, policy
from weirline.detect.finding import Finding
from weirline.flow.events import BodyMode
from weirline.flow.message import (
    State,
    count,
    count_unscanned,
    new_message,
    redact_blocked,
    redacted,
)
from weirline.flow.report import FlowReport, Outcome, Place, Unscanned
from weirline.policy.decision import Block, Decision, Mask, Redaction, Ruling
from weirline.policy.facts import Direction, Facts

ONE = Finding("hash_id", "identity", 0, 7, 1.0)
TWO = Finding("hash_id", "identity", 10, 17, 1.0)


@pytest.mark.parametrize(
    ("state", "rests"),
    [
        (State.AWAIT, False),
        (State.SKIP, True),
        (State.WHOLE, False),
        (State.CHUNKS, False),
        (State.TAIL, True),
        (State.DONE, True),
    ],
)
def test_message_rests_where_nothing_has_to_come(state: State, *, rests: bool) -> None:
    message = new_message(Direction.REQUEST, BodyMode.NONE)
    message.state = state
    assert message.at_rest is rests


def test_message_enforces_what_its_rules_enforce() -> None:
    message = new_message(Direction.REQUEST, BodyMode.NONE)
    assert not message.enforces
    message.scope = policy(REDACT_BOTH).scope(Facts(Direction.REQUEST))
    assert message.enforces


def test_equal_rulings_are_one_series() -> None:
    report = FlowReport()
    rulings = tuple(Ruling(finding, "redact", "mask", False) for finding in (ONE, TWO))
    message = new_message(Direction.RESPONSE, BodyMode.NONE)
    count(report, message, Place.BODY, Decision(rulings=rulings))
    assert list(report.findings.values()) == [2]


def test_unscanned_message_counts_once_for_a_reason() -> None:
    report = FlowReport()
    for _ in range(3):
        count_unscanned(report, Direction.RESPONSE, Unscanned.HOLD_BACK)
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.HOLD_BACK): 1}


def test_harder_end_is_not_softened() -> None:
    report = FlowReport(outcome=Outcome.CUT)
    redacted(report)
    assert report.outcome is Outcome.CUT


def test_blocked_values_are_masked_whole_beside_the_others() -> None:
    decision = Decision(
        redactions=(Redaction(TWO, Mask(keep_last=4)),),
        block=Block(),
        rulings=(Ruling(ONE, "block", "stop", False), Ruling(TWO, "redact", "mask", False)),
    )
    assert list(redact_blocked(decision)) == [
        Redaction(ONE, Mask()),
        Redaction(TWO, Mask(keep_last=4)),
    ]


def test_value_blocked_in_shadow_is_left() -> None:
    decision = Decision(rulings=(Ruling(ONE, "block", "stop", True),))
    assert list(redact_blocked(decision)) == []
