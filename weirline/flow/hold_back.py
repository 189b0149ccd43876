"""Holds back the bytes of a stream that may still turn out to be part of a value.

Bytes that have left cannot be recalled, so a value cut over two chunks must be seen before its
first half goes. What is kept is not a fixed tail but only what the detectors say could still go on
(`FlowScanner.open_from`); everything before it leaves at once. The oldest bytes are forced out when
the limit is reached; whether they leave as they are, masked or not at all is for the policy to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from weirline.detect.finding import Finding
from weirline.flow.limits import Limits
from weirline.scan import FlowScanner


@dataclass(frozen=True, slots=True)
class Release:
    """The part of a stream that may leave now.

    `text` holds it between `start` and `end`; before it stands text that has left already, after
    it text that is held, so that a mask can look at a value's neighbours. `findings` have offsets
    into `text` and lie inside the part that leaves. `forced_from` is where the bytes begin that
    leave although a value may go on past them, `end` where there are none; `capped` names the
    detectors the scanner did not look for to the end.
    """

    text: bytes
    start: int
    end: int
    findings: tuple[Finding, ...]
    forced_from: int
    capped: frozenset[str]

    @property
    def forced(self) -> bool:
        """Whether bytes leave that should have waited."""
        return self.forced_from < self.end


class HoldBack:
    """The held tail of one direction of one flow; it dies with the flow."""

    __slots__ = ("_behind", "_forced", "_held", "_limits", "_scanner")

    def __init__(self, scanner: FlowScanner, limits: Limits) -> None:
        self._scanner = scanner
        self._limits = limits
        self._behind = b""
        self._held = b""
        self._forced = False  # the last bytes left although a value was open in them

    @property
    def held_bytes(self) -> int:
        """How many bytes are waiting."""
        return len(self._held)

    def feed(self, chunk: bytes) -> Release:
        """Add a chunk that others may follow and return what may leave."""
        text = self._behind + self._held + chunk
        start = len(self._behind)
        findings, capped = self._scanner.scan(text)
        findings = self._from(start, findings)
        cut = open_from = self._open_from(text, start, findings)
        if len(text) - cut > self._limits.hold_back_bytes:
            cut = _after_straddling(findings, len(text) - self._limits.hold_back_bytes)
        return self._release(text, start, cut, findings, open_from=open_from, capped=capped)

    def finish(self, chunk: bytes) -> Release:
        """Add the last chunk and return all that is left."""
        text = self._behind + self._held + chunk
        start, end = len(self._behind), len(text)
        findings, capped = self._scanner.scan(text)
        findings = self._from(start, findings)
        return self._release(text, start, end, findings, open_from=end, capped=capped)

    def let_go(self) -> Release:
        """Return all that waits, though more may follow: it has waited too long."""
        text = self._behind + self._held
        start, end = len(self._behind), len(text)
        findings, capped = self._scanner.scan(text)
        findings = self._from(start, findings)
        open_from = self._open_from(text, start, findings)
        return self._release(text, start, end, findings, open_from=open_from, capped=capped)

    def _open_from(self, text: bytes, start: int, findings: tuple[Finding, ...]) -> int:
        return _before_straddling(findings, max(start, self._scanner.open_from(text)))

    def _from(self, start: int, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings from `start` on; of a value that was forced out in part, its rest."""
        forced, self._forced = self._forced, False
        if not forced:
            return tuple(finding for finding in findings if finding.start >= start)
        return tuple(
            finding if finding.start >= start else finding._replace(start=start)
            for finding in findings
            if finding.end > start and (finding.start >= start or not finding.way)
        )

    def _release(
        self,
        text: bytes,
        start: int,
        cut: int,
        findings: tuple[Finding, ...],
        *,
        open_from: int,
        capped: frozenset[str],
    ) -> Release:
        self._forced = open_from < cut
        self._held = text[cut:]
        self._behind = text[max(0, cut - self._limits.look_behind_bytes) : cut]
        leaving = tuple(finding for finding in findings if finding.end <= cut)
        return Release(text, start, cut, leaving, min(open_from, cut), capped)


def _before_straddling(findings: tuple[Finding, ...], cut: int) -> int:
    """Move the cut back to the start of a finding it would divide; findings never overlap."""
    for finding in findings:
        if finding.start < cut < finding.end:
            return finding.start
    return cut


def _after_straddling(findings: tuple[Finding, ...], cut: int) -> int:
    """Move the cut on to the end of a finding it would divide."""
    for finding in findings:
        if finding.start < cut < finding.end:
            return finding.end
    return cut
