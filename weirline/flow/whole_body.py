"""A body that came whole and in the clear: scanned in one go, answered as it is, masked or refused.

Its headers are still held, so a refusal is clean and the length may change.
"""

from __future__ import annotations

from weirline.body.reading import Unread
from weirline.flow.access import tagging
from weirline.flow.effects import AnswerBody
from weirline.flow.header_change import merge, with_length
from weirline.flow.message import (
    UNCHECKABLE,
    Message,
    count,
    count_unread,
    count_unscanned,
    redacted,
)
from weirline.flow.report import FlowReport, Place, Unscanned
from weirline.policy.decision import Block, Decision
from weirline.policy.defaults import Defaults
from weirline.policy.facts import Direction
from weirline.policy.policy import Unscannable
from weirline.redact.rewrite import CannotMask, rewrite_freely
from weirline.scan import FlowScanner

_REQUEST, _IN_BODY, _BLOCKS = Direction.REQUEST, Place.BODY, Unscannable.BLOCK


def read_whole(
    message: Message, body: bytes, *, scanner: FlowScanner, report: FlowReport, defaults: Defaults
) -> AnswerBody | Block:
    """Scan `body`, which is not empty; a Block where the message must not go on."""
    findings, capped, unread = scanner.read(body, message.content)
    report.scanned_bytes[message.direction] += len(body)
    if unread and _blocked_unread(message, unread, report, defaults):
        return UNCHECKABLE
    if not findings and not capped:
        message.started = True
        return AnswerBody(message.direction)
    decision = message.scope.decide(findings, text=body)
    count(report, message, _IN_BODY, decision)
    if unfinished(message, capped, report):
        return UNCHECKABLE
    if decision.block is not None:
        return decision.block
    return _answer(message, body, decision, report)


def unfinished(message: Message, capped: frozenset[str], report: FlowReport) -> bool:
    """Whether values that were not looked for to the end forbid that the message goes on.

    To mask some and not all would be a leak. Only those matter that an enforced rule would mask or
    block; a flood of others is counted.
    """
    if not capped:
        return False
    count_unscanned(report, message.direction, Unscanned.MATCHES)
    return not message.scope.enforced.isdisjoint(capped)


def _blocked_unread(
    message: Message, reasons: frozenset[Unread], report: FlowReport, defaults: Defaults
) -> bool:
    """Count text not read in every way it may be written; say whether the policy blocks it."""
    count_unread(report, message.direction, reasons)
    return defaults.unscannable is _BLOCKS and message.enforces


def _answer(
    message: Message, body: bytes, decision: Decision, report: FlowReport
) -> AnswerBody | Block:
    tags = None
    if decision.tags and message.direction is _REQUEST:
        tags = tagging(message.scope, (), decision.tags)
    if not decision.redactions:
        message.started = True
        return AnswerBody(message.direction, None, tags)
    message.rewritten = True
    redacted(report)
    if message.signature is not None:
        report.broken_signatures[(message.direction, message.signature)] = 1
    try:
        masked = rewrite_freely(body, decision.redactions)
    except CannotMask:
        count_unscanned(report, message.direction, Unscanned.IN_PLACE)
        return UNCHECKABLE
    message.started = True
    change = merge(tags, message.on_rewrite)
    if len(masked) != len(body):
        change = with_length(change, len(masked))
    return AnswerBody(message.direction, masked, change)
