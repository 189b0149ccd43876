"""Turns the findings of one message's body into what leaves, and remembers a block.

Readers of bodies find text in many wrappings; what happens to a value in it is decided here, in one
place, whatever the wrapping was. A judge never stops its reader: it keeps the refusal, and the flow
throws away what the reader returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from weirline.detect.finding import Finding
from weirline.flow.hold_back import Release
from weirline.flow.message import (
    UNCHECKABLE,
    Message,
    count,
    count_unscanned,
    redact_blocked,
    redacted,
)
from weirline.flow.report import FlowReport, Outcome, Place, Unscanned
from weirline.policy.decision import Block, Mask
from weirline.policy.policy import AlreadySent, HeldTooLong
from weirline.redact.mask import mask_value
from weirline.redact.rewrite import CannotMask, rewrite

_WHOLE = Mask()


class Judge:
    """Decides about the pieces of one message's body, in order. Mutable; gone with its flow.

    `refusal` is set when the message must not go on.
    """

    __slots__ = ("_already_sent", "_held_too_long", "_message", "_report", "refusal")

    def __init__(
        self,
        message: Message,
        report: FlowReport,
        already_sent: AlreadySent,
        held_too_long: HeldTooLong = HeldTooLong.SEND,
    ) -> None:
        self._message = message
        self._report = report
        self._already_sent = already_sent
        self._held_too_long = held_too_long
        self.refusal: Block | None = None

    def masked(self, text: bytes, findings: Sequence[Finding], capped: frozenset[str]) -> bytes:
        """Return `text` with what is to be masked in it masked; the same object if nothing is."""
        message = self._message
        if capped:
            self.unfinished(capped)
        if not findings or self.refusal is not None:
            return text
        if message.earlier is None:
            message.earlier = Counter()
        decision = message.scope.decide(findings, message.earlier, text=text)
        count(self._report, message, Place.BODY, decision)
        redactions = decision.redactions
        if decision.block is not None:
            if not message.started or self._already_sent is not AlreadySent.REDACT_REST:
                self.refusal = decision.block
                return text
            redactions = tuple(redact_blocked(decision))
        if not redactions:
            return text
        self.note_masked()
        try:
            return rewrite(text, redactions)
        except CannotMask:
            self.unscanned(Unscanned.IN_PLACE)
            self.refusal = UNCHECKABLE
            return text

    def released(self, release: Release) -> bytes:
        """Return the whole text of a release, masked; see `masked`.

        What was forced out is counted, and dealt with as the policy's `held_too_long` says.
        """
        text = self.masked(release.text, release.findings, release.capped)
        if not release.forced:
            return text
        return self.forced(text, release.forced_from, release.end)

    def forced(self, text: bytes, start: int, end: int) -> bytes:
        """Return `text`, of which [start, end) leaves although a value may go on past it."""
        self.unscanned(Unscanned.HOLD_BACK)
        if self._held_too_long is HeldTooLong.SEND or not self._message.enforces:
            return text
        if self._held_too_long is HeldTooLong.CUT:
            self.refusal = self.refusal or UNCHECKABLE
            return text
        self.note_masked()
        return text[:start] + mask_value(text, start, end, mask=_WHOLE) + text[end:]

    def unfinished(self, capped: frozenset[str]) -> None:
        """Values that were not looked for to the end: to mask some and not all would be a leak.

        Only those matter that an enforced rule would mask or block; a flood of others is counted.
        """
        self.unscanned(Unscanned.MATCHES)
        if not self._message.scope.enforced.isdisjoint(capped):
            self.refusal = self.refusal or UNCHECKABLE

    def unscanned(self, reason: Unscanned) -> None:
        """Count that a part of the body passes unseen."""
        count_unscanned(self._report, self._message.direction, reason)

    def closed_in_band(self) -> None:
        """Take a refusal for carried out: the reader has ended the message in its own protocol."""
        self.refusal = None
        self._report.outcome = Outcome.CUT

    def note_masked(self) -> None:
        """Note that the body is not what it was."""
        message = self._message
        message.rewritten = True
        redacted(self._report)
        if message.signature is not None:
            self._report.broken_signatures[(message.direction, message.signature)] = 1
