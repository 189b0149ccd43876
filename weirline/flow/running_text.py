"""One text that comes in pieces, each inside an event of its own.

The pieces are joined and scanned together, so that a value divided over events is seen whole; an
event is free to leave when no value can begin in its pieces any more. A value inside one piece is
the business of whoever scans the event; here only those count that go over a border.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from weirline.detect.finding import Finding
from weirline.flow.judge import Judge
from weirline.scan import FlowScanner


@dataclass(slots=True)
class HeldEvent:
    """An event on its way: its bytes, and how many of its pieces wait. Mutable."""

    wire: bytearray
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a piece stands in its event, and in the joined text."""

    event: HeldEvent
    at: int
    start: int
    end: int


class RunningText:
    """The pieces that wait, and a little text before them. Mutable; owned by one body."""

    __slots__ = ("_judge", "_look_behind", "_scanner", "_slots", "_text")

    def __init__(self, scanner: FlowScanner, judge: Judge, *, look_behind_bytes: int) -> None:
        self._scanner = scanner
        self._judge = judge
        self._look_behind = look_behind_bytes
        self._text = b""
        self._slots: deque[_Slot] = deque()

    def add(self, event: HeldEvent, start: int, end: int) -> None:
        """Take the piece [start, end) of `event`; what can be decided is, and is freed."""
        at = len(self._text)
        self._text += bytes(event.wire[start:end])
        self._slots.append(_Slot(event, start, at, len(self._text)))
        event.waiting += 1
        text = self._text
        findings, capped = self._scanner.scan(text)
        cut = _open_from(self._scanner, text, findings)
        self._decide(findings, capped, cut)
        self._free(cut)

    def finish(self) -> None:
        """Decide about and free all that waits: nothing follows."""
        if self._slots:
            findings, capped = self._scanner.scan(self._text)
            self._decide(findings, capped, len(self._text))
            self._free(len(self._text))

    def let_go(self) -> None:
        """Decide about and free all that waits, though more may follow: it may wait no longer."""
        if not self._slots:
            return
        findings, capped = self._scanner.scan(self._text)
        end = len(self._text)
        self._decide(findings, capped, end)
        start = max(self._slots[0].start, _open_from(self._scanner, self._text, findings))
        if start < end:
            self._write(self._judge.forced(self._text, start, end))
        self._free(end)

    def _decide(self, findings: tuple[Finding, ...], capped: frozenset[str], cut: int) -> None:
        begin = self._slots[0].start if self._slots else len(self._text)
        over = [
            finding
            for finding in findings
            if finding.end <= cut and finding.end > begin and self._goes_over(finding)
        ]
        if not over and not capped:
            return
        self._write(self._judge.masked(self._text, over, capped))

    def _write(self, masked: bytes) -> None:
        if masked is self._text:
            return
        for slot in self._slots:
            piece = masked[slot.start : slot.end]
            slot.event.wire[slot.at : slot.at + len(piece)] = piece
        self._text = masked

    def _goes_over(self, finding: Finding) -> bool:
        return not any(
            slot.start <= finding.start and finding.end <= slot.end for slot in self._slots
        )

    def _free(self, cut: int) -> None:
        slots = self._slots
        while slots and slots[0].end <= cut:
            slots.popleft().event.waiting -= 1
        keep = max(0, (slots[0].start if slots else len(self._text)) - self._look_behind)
        if keep:
            self._text = self._text[keep:]
            self._slots = deque(
                _Slot(slot.event, slot.at, slot.start - keep, slot.end - keep) for slot in slots
            )


def _open_from(scanner: FlowScanner, text: bytes, findings: Sequence[Finding]) -> int:
    """Where a value could go on past the end, never inside a finding."""
    cut = scanner.open_from(text)
    for finding in findings:
        if finding.start < cut < finding.end:
            return finding.start
    return cut
