"""One chunk of a body that has a reader: in, and out as an answer or as the reason for a refusal.

What could not be read passes or not as the policy says; but what has left already in another form,
packed again, cannot go on as it came, so that is refused whatever the policy says.
"""

from __future__ import annotations

from weirline.errors import FlowUsageError, Unreadable
from weirline.flow.effects import AnswerBody
from weirline.flow.events import BodyMode
from weirline.flow.header_change import with_length
from weirline.flow.message import TOO_LARGE, UNCHECKABLE, Message
from weirline.flow.reader_choice import reason_of
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.decision import Block
from weirline.policy.defaults import Defaults
from weirline.policy.policy import BodyOverDo, Unscannable

_ALL_AT_ONCE = (BodyMode.BUFFERED, BodyMode.BUFFERED_PARTIAL)


def release_held(message: Message) -> bytes | Block:
    """Let go what a stream has held too long; a Block where that shows what must not go on."""
    judge = message.judge
    if judge is None or message.passing:
        return b""
    if message.reader is not None:
        out = message.reader.release()
    elif message.hold_back is not None:
        release = message.hold_back.let_go()
        out = judge.released(release)[release.start : release.end]
    else:
        return b""
    return judge.refusal or out


def read_wrapped(
    message: Message, chunk: bytes, *, last: bool, report: FlowReport, defaults: Defaults
) -> AnswerBody | Block:
    """Hand a chunk to the reader of `message`; a Block where the message must not go on."""
    reader, judge = message.reader, message.judge
    if reader is None or judge is None:
        raise FlowUsageError("the message has no reader")
    unreadable: Unscanned | None = None  # not the error itself: it holds the frames and their text
    out: bytes | None = None
    try:
        out = reader.feed(chunk, last=last)
    except Unreadable as error:
        unreadable = reason_of(error)
    report.scanned_bytes[message.direction] += len(chunk)
    if judge.refusal is not None:
        return judge.refusal
    if unreadable is not None:
        judge.unscanned(unreadable)
        out = reader.salvage()
        if out is None or (defaults.unscannable is Unscannable.BLOCK and message.enforces):
            return UNCHECKABLE
        message.reader, message.passing = None, True
    elif reader.text_bytes > defaults.body_over.limit:
        reader.let_pass()
        judge.unscanned(Unscanned.BODY_OVER)
        if defaults.body_over.do is BodyOverDo.BLOCK and message.enforces:
            return TOO_LARGE
    message.started = True
    if out is None or out == chunk:
        return AnswerBody(message.direction)
    if message.in_force in _ALL_AT_ONCE and reader.changes_length:
        return AnswerBody(message.direction, out, with_length(message.on_rewrite, len(out)))
    return AnswerBody(message.direction, out, message.on_rewrite)
