"""Chunks of plain text: what leaves, and what ends the message."""

from __future__ import annotations

import pytest

from tests.fakes.scanner import HashScanner
from tests.playbook import BLOCK_BOTH, REDACT_BOTH, policy
from tests.weirline.flow.exchange import RESPONSE
from tests.weirline.flow.wrapped import message
from weirline.errors import FlowUsageError
from weirline.flow.effects import AnswerBody
from weirline.flow.hold_back import HoldBack
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.message import TOO_LARGE, Message
from weirline.flow.plain_chunk import read_chunk
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.decision import Block

OVER = "{body_over: {limit: 8B, do: %s}}"


def ready(rules: str, report: FlowReport, defaults: str) -> Message:
    one = message(rules, defaults=defaults)
    one.hold_back = HoldBack(HashScanner(), Limits())
    one.judge = Judge(one, report, policy(rules, defaults=defaults).defaults.already_sent)
    return one


def played(
    *chunks: bytes, rules: str = REDACT_BOTH, defaults: str = "{}"
) -> tuple[list[bytes | Block | None], FlowReport]:
    report = FlowReport()
    one = ready(rules, report, defaults)
    compiled = policy(rules, defaults=defaults).defaults
    out: list[bytes | Block | None] = []
    for at, chunk in enumerate(chunks):
        last = at == len(chunks) - 1
        answer = read_chunk(one, chunk, last=last, report=report, defaults=compiled)
        out.append(answer.body if isinstance(answer, AnswerBody) else answer)
    return out, report


def test_chunk_that_nothing_was_held_or_masked_of_goes_on_as_it_is() -> None:
    assert played(b"plain", b" text")[0] == [None, None]


def test_value_over_chunks_is_masked_whole() -> None:
    out, report = played(b"id #12", b"3456 end")
    assert out == [b"id ", b"******* end"]
    assert report.scanned_bytes[RESPONSE] == 14


def test_block_ends_the_message() -> None:
    (first, second), _ = played(b"id #12", b"3456 end", rules=BLOCK_BOTH)
    assert first == b"id "
    assert isinstance(second, Block)


@pytest.mark.parametrize(
    ("do", "end"), [("scan_start_and_tag", b"******* more"), ("block", TOO_LARGE)]
)
def test_text_beyond_the_limit_is_counted_and_dealt_with(do: str, end: bytes | Block) -> None:
    out, report = played(b"#12", b"3456 more", defaults=OVER % do)
    assert out == [b"", end]
    assert report.unscanned == {(RESPONSE, Unscanned.BODY_OVER): 1}


def test_message_without_a_hold_back_is_a_fault_of_ours() -> None:
    with pytest.raises(FlowUsageError):
        read_chunk(
            message(), b"", last=True, report=FlowReport(), defaults=policy(REDACT_BOTH).defaults
        )
