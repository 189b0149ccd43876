"""The state of one direction of a flow, and the two ways its findings become actions.

A message knows nothing of the other direction: Envoy interleaves them freely. The flow owns both
and decides what to answer; this file only keeps what has to be remembered between two events.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from weirline.body.content import UNKNOWN, ContentHint
from weirline.body.reading import Unread
from weirline.detect.finding import Finding
from weirline.errors import PeerProtocolError
from weirline.flow.effects import HeaderChange
from weirline.flow.events import BodyMode, Event
from weirline.flow.hold_back import HoldBack
from weirline.flow.report import FindingKey, FlowReport, Outcome, Place, Unscanned
from weirline.policy.decision import Block, Decision, Mask, Redaction
from weirline.policy.facts import Direction, Facts
from weirline.policy.scope import BLOCK, Scope
from weirline.redact.headers import BrokenSignature

if TYPE_CHECKING:
    from weirline.flow.body_reader import BodyReader
    from weirline.flow.judge import Judge
    from weirline.flow.window_watch import WindowWatch


class State(enum.Enum):
    """Where a direction stands; the transition table in `flow` lists what may come in each."""

    AWAIT = "await"  # nothing has come yet
    SKIP = "skip"  # headers answered, no body asked for; trailers may come
    WHOLE = "whole"  # headers answered, one whole body must come
    CHUNKS = "chunks"  # headers answered, chunks must come until the last
    DUPLEX = "duplex"  # the same in FULL_DUPLEX: until the last, or until trailers
    MESSAGES = "messages"  # the same in GRPC: each chunk is one message
    TAIL = "tail"  # body answered, only trailers may come
    DONE = "done"  # nothing may come any more

    # Enum's own is a Python function, and this is a key several times an exchange.
    __hash__ = object.__hash__


_NO_RULES = Scope(())
_NO_FACTS = {direction: Facts(direction) for direction in Direction}

STATE_OF_MODE = {
    BodyMode.NONE: State.SKIP,
    BodyMode.BUFFERED: State.WHOLE,
    BodyMode.BUFFERED_PARTIAL: State.WHOLE,
    BodyMode.STREAMED: State.CHUNKS,
    BodyMode.FULL_DUPLEX: State.DUPLEX,
    BodyMode.GRPC: State.MESSAGES,
}
AT_REST = frozenset((State.SKIP, State.TAIL, State.DONE))


class Message(msgspec.Struct, gc=False):
    """One direction: its state, the rules that look at it, and what it holds back.

    `configured` is the body mode Envoy is set up with, `in_force` the one it follows if it heeds
    our overrides, `asked` the one we want. `started` says that something of the message has left
    towards its receiver, `passing` that the rest of its body is not looked at, `tunnel` that it is
    no message but bytes of another protocol, `rewritten` that its body was masked. `seen` counts
    the body bytes that have come, `charged` those it keeps, `earlier` the matches of each rule in
    them; `signature` is one that a masked body makes false, `on_rewrite` what must change in the
    held headers then. `watch` takes what counts in windows.
    """

    direction: Direction
    configured: BodyMode
    in_force: BodyMode
    asked: BodyMode
    facts: Facts
    scope: Scope
    state: State = State.AWAIT
    hold_back: HoldBack | None = None
    on_rewrite: HeaderChange | None = None
    reader: BodyReader | None = None
    judge: Judge | None = None
    signature: BrokenSignature | None = None
    earlier: Counter[str] | None = None
    watch: WindowWatch | None = None
    seen: int = 0
    charged: int = 0
    started: bool = False
    passing: bool = False
    rewritten: bool = False
    tunnel: bool = False
    content: ContentHint = UNKNOWN

    @property
    def at_rest(self) -> bool:
        """Whether nothing more has to come."""
        return self.state in AT_REST

    @property
    def enforces(self) -> bool:
        """Whether a rule in force may change or stop this message."""
        return self.scope.enforces


def new_message(direction: Direction, configured: BodyMode) -> Message:
    """A message of which nothing has come yet."""
    return Message(direction, configured, configured, configured, _NO_FACTS[direction], _NO_RULES)


def unexpected(message: Message, event: Event) -> PeerProtocolError:
    """Return the error for an event that a message's state does not allow."""
    kind = type(event).__name__.lower()
    return PeerProtocolError(f"{message.direction} {kind} in state {message.state.value}")


def count(report: FlowReport, message: Message, place: Place, decision: Decision) -> None:
    """Count every ruling of a decision, and what it adds to windows."""
    if decision.seen and message.watch is not None:
        message.watch.saw(decision.seen, message.facts)
    for ruling in decision.rulings:
        finding = ruling.finding
        key = FindingKey(
            finding.detector,
            finding.category,
            message.direction,
            place,
            ruling.action,
            ruling.shadow,
            ruling.rule,
        )
        report.findings[key] += 1


def count_unscanned(report: FlowReport, direction: Direction, reason: Unscanned) -> None:
    """Count a message that passes unseen, or not seen to its end, once for each reason."""
    report.unscanned[(direction, reason)] = 1


_UNREAD = {
    Unread.DEPTH: Unscanned.NESTED,
    Unread.VIEWS: Unscanned.NESTED,
    Unread.CHARSET: Unscanned.CHARSET,
}


def count_unread(report: FlowReport, direction: Direction, reasons: Iterable[Unread]) -> None:
    """Count why text that was scanned may not have been read in every way it is written."""
    for reason in reasons:
        count_unscanned(report, direction, _UNREAD[reason])


def redacted(report: FlowReport) -> None:
    """Note that something was masked, unless the flow came to a harder end."""
    if report.outcome is Outcome.PASSED:
        report.outcome = Outcome.REDACTED


def redact_blocked(decision: Decision) -> Sequence[Redaction]:
    """Mask in full what should have been blocked, where the policy says `redact_rest`."""
    blocked: list[Finding] = [
        ruling.finding
        for ruling in decision.rulings
        if ruling.action == BLOCK and not ruling.shadow
    ]
    spans = {(finding.start, finding.end) for finding in blocked}
    others = [
        redaction
        for redaction in decision.redactions
        if (redaction.finding.start, redaction.finding.end) not in spans
    ]
    return sorted(
        [*others, *(Redaction(finding, Mask()) for finding in blocked)],
        key=lambda redaction: redaction.finding.start,
    )


TOO_LARGE = Block(status=413, body=b'{"error":"body too large to be checked"}\n')
UNCHECKABLE = Block()
