"""One chunk of a body of plain text, the usual stream: in, and out as an answer or as a block.

What may go on to be a value waits (see `hold_back`); beyond the policy's `body_over` nothing is
looked at any more, and what the policy wants then is done.
"""

from __future__ import annotations

from weirline.errors import FlowUsageError
from weirline.flow.effects import AnswerBody
from weirline.flow.message import TOO_LARGE, Message, count_unscanned
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.decision import Block
from weirline.policy.defaults import Defaults
from weirline.policy.policy import BodyOverDo


def read_chunk(
    message: Message, chunk: bytes, *, last: bool, report: FlowReport, defaults: Defaults
) -> AnswerBody | Block:
    """Read a chunk of `message`, whose judge and hold-back are there; a Block ends it."""
    hold_back, judge = message.hold_back, message.judge
    if hold_back is None or judge is None:
        raise FlowUsageError("the message has no hold-back")
    unchanged = not hold_back.held_bytes
    message.seen += len(chunk)
    over = message.seen > defaults.body_over.limit
    release = hold_back.finish(chunk) if last or over else hold_back.feed(chunk)
    report.scanned_bytes[message.direction] += len(chunk)
    if over:
        message.passing = not last
        count_unscanned(report, message.direction, Unscanned.BODY_OVER)
        if defaults.body_over.do is BodyOverDo.BLOCK and message.enforces:
            return TOO_LARGE
    text = judge.released(release)
    if judge.refusal is not None:
        return judge.refusal
    message.started = True
    if text is release.text and unchanged and release.end - release.start == len(chunk):
        return AnswerBody(message.direction)
    return AnswerBody(message.direction, text[release.start : release.end])
