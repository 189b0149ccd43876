"""A body that came whole is answered as it is, masked, or not at all."""

from __future__ import annotations

import pytest

from tests.fakes.scanner import HashScanner
from tests.playbook import BLOCK_BOTH, OBSERVE_BOTH, REDACT_BOTH, policy
from tests.weirline.flow.wrapped import SCANNER, message
from weirline.flow.effects import AnswerBody
from weirline.flow.message import UNCHECKABLE
from weirline.flow.report import FlowReport, Outcome, Unscanned
from weirline.flow.whole_body import read_whole, unfinished
from weirline.policy.decision import Block
from weirline.policy.facts import Direction

BODY = b"id #123456."


def read(
    body: bytes, rules: str = REDACT_BOTH, *, report: FlowReport | None = None
) -> AnswerBody | Block:
    return read_whole(
        message(rules),
        body,
        scanner=SCANNER,
        report=FlowReport() if report is None else report,
        defaults=policy(rules).defaults,
    )


def test_value_is_masked_and_counted() -> None:
    report = FlowReport()
    assert read(BODY, report=report) == AnswerBody(Direction.RESPONSE, b"id *******.")
    assert report.outcome is Outcome.REDACTED
    assert sum(report.findings.values()) == 1


@pytest.mark.parametrize(("body", "rules"), [(b"clean", REDACT_BOTH), (BODY, OBSERVE_BOTH)])
def test_body_with_nothing_to_mask_is_left_alone(body: bytes, rules: str) -> None:
    assert read(body, rules) == AnswerBody(Direction.RESPONSE)


def test_blocked_body_is_a_block() -> None:
    answer = read(BODY, BLOCK_BOTH)
    assert isinstance(answer, Block)
    assert answer.status == 403


def test_flood_is_refused_only_where_a_rule_would_act() -> None:
    report = FlowReport()
    assert unfinished(message(), frozenset({"hash_id"}), report)
    assert not unfinished(message(), frozenset({"another"}), report)
    assert not unfinished(message(), frozenset(), FlowReport())
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.MATCHES): 1}
    answer = read_whole(
        message(),
        BODY + BODY,
        scanner=HashScanner(max_findings=1),
        report=report,
        defaults=policy(REDACT_BOTH).defaults,
    )
    assert answer is UNCHECKABLE
