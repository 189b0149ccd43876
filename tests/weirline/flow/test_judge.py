"""What becomes of the findings of a wrapped body."""

from __future__ import annotations

import pytest

from tests.playbook import BLOCK_BOTH, OBSERVE_BOTH, REDACT_BOTH
from tests.weirline.flow.wrapped import SCANNER, judge, message
from weirline.flow.hold_back import Release
from weirline.flow.judge import Judge
from weirline.flow.report import FlowReport, Outcome, Unscanned
from weirline.policy.facts import Direction
from weirline.policy.policy import AlreadySent, HeldTooLong
from weirline.redact.headers import BrokenSignature

TEXT = b"id #123456 and #654321"
FINDINGS = SCANNER.scan(TEXT).findings
NONE_CAPPED: frozenset[str] = frozenset()


def test_findings_are_masked_and_counted() -> None:
    report = FlowReport()
    assert judge(report=report).masked(TEXT, FINDINGS, NONE_CAPPED) == b"id ******* and *******"
    assert sum(report.findings.values()) == 2
    assert report.outcome is Outcome.REDACTED


def test_text_without_anything_to_mask_is_the_same_object() -> None:
    assert judge().masked(TEXT, (), NONE_CAPPED) is TEXT
    assert judge(OBSERVE_BOTH).masked(TEXT, FINDINGS, NONE_CAPPED) is TEXT


def test_block_is_remembered_and_nothing_more_is_decided() -> None:
    report = FlowReport()
    subject = judge(BLOCK_BOTH, report=report)
    subject.masked(TEXT, FINDINGS[:1], NONE_CAPPED)
    subject.masked(TEXT, FINDINGS[1:], NONE_CAPPED)
    assert subject.refusal is not None
    assert subject.refusal.status == 403
    assert sum(report.findings.values()) == 1


@pytest.mark.parametrize("started", [False, True])
def test_block_becomes_a_mask_where_something_left_and_the_policy_says_so(*, started: bool) -> None:
    one = message(BLOCK_BOTH)
    one.started = started
    subject = Judge(one, FlowReport(), AlreadySent.REDACT_REST)
    masked = subject.masked(TEXT, FINDINGS, NONE_CAPPED)
    assert (subject.refusal is None) is started
    assert (masked == b"id ******* and *******") is started


def test_unfinished_scan_is_a_refusal_only_where_it_matters() -> None:
    report = FlowReport()
    for capped, refused in (("another", False), ("hash_id", True)):
        subject = judge(report=report)
        subject.masked(TEXT, (), frozenset({capped}))
        assert (subject.refusal is not None) is refused
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.MATCHES): 1}


@pytest.mark.parametrize(
    ("rules", "held", "leaves", "refused"),
    [
        (REDACT_BOTH, HeldTooLong.SEND, b"#123456", False),
        (REDACT_BOTH, HeldTooLong.MASK, b"*******", False),
        (REDACT_BOTH, HeldTooLong.CUT, b"#123456", True),
        (OBSERVE_BOTH, HeldTooLong.MASK, b"#123456", False),
        (OBSERVE_BOTH, HeldTooLong.CUT, b"#123456", False),
    ],
)
def test_bytes_forced_out_leave_as_the_policy_says(
    rules: str, held: HeldTooLong, leaves: bytes, *, refused: bool
) -> None:
    report = FlowReport()
    subject = Judge(message(rules), report, AlreadySent.CUT, held)
    release = Release(b"id #123456", 3, 10, (), 3, NONE_CAPPED)
    assert subject.released(release)[3:] == leaves
    assert (subject.refusal is not None) is refused
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.HOLD_BACK): 1}


def test_release_without_forced_bytes_is_only_masked() -> None:
    report = FlowReport()
    release = Release(TEXT, 0, len(TEXT), FINDINGS, len(TEXT), NONE_CAPPED)
    subject = Judge(message(), report, AlreadySent.CUT, HeldTooLong.CUT)
    assert subject.released(release) == b"id ******* and *******"
    assert not report.unscanned


def test_signature_over_a_masked_body_is_counted() -> None:
    report, one = FlowReport(), message()
    one.signature = BrokenSignature.WEBHOOK
    Judge(one, report, AlreadySent.CUT).masked(TEXT, FINDINGS, NONE_CAPPED)
    assert one.rewritten
    assert sum(report.broken_signatures.values()) == 1


def test_rules_for_several_matches_count_over_all_pieces() -> None:
    rules = """
    - {id: bulk, find: {category: identity, at_least: 2}, do: [{block: {}}]}
    """
    subject = judge(rules)
    subject.masked(TEXT, FINDINGS[:1], NONE_CAPPED)
    assert subject.refusal is None
    subject.masked(TEXT, FINDINGS[1:], NONE_CAPPED)
    assert subject.refusal is not None
