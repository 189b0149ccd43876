"""One answer where several detectors claim the same bytes.

The result never overlaps, and what was claimed stays covered: a beaten candidate that is at least
as severe keeps what it covers beside the winner. Otherwise a card number planted inside a private
key would uncover the rest of the key.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from weirline.detect.detector import Severity
from weirline.detect.finding import Finding

_IN_DOUBT: Final = 0.5  # a confidence under which a check gives no precedence
_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Candidate(NamedTuple):
    """A finding before it is set against the others; `checked` if a validator passed it.

    `named` is the length of the word that names it: «Slovak birth number» says more than «birth
    number», so of two countries' numbers that both pass, the one that is named wins.
    """

    finding: Finding
    checked: bool
    severity: Severity
    named: int = 0


def resolve(candidates: Collection[Candidate]) -> list[Finding]:
    """Return findings in order of start, none overlapping.

    A checked candidate beats an unchecked one, unless it is in doubt for all its check: one digit
    that fits by chance says less than a word that names the number. Then the higher confidence
    wins, then the one named by the longer word, then the higher severity, then the longer span,
    then the earlier start, then the id. Costs n log n.
    """
    found = sorted((candidate.finding for candidate in candidates), key=attrgetter("start"))
    if all(one.end <= other.start for one, other in pairwise(found)):
        return found  # nobody claims what another does: the ordinary case, and the fast one
    ordered = sorted(candidates, key=_precedence)
    taken = _Taken()
    for candidate in ordered:
        taken.add(candidate)
    return taken.findings()


def _precedence(candidate: Candidate) -> tuple[bool, float, int, int, int, int, str]:
    finding = candidate.finding
    return (
        not candidate.checked or finding.confidence < _IN_DOUBT,
        -finding.confidence,
        -candidate.named,
        -_RANK[candidate.severity],
        finding.start - finding.end,
        finding.start,
        finding.detector,
    )


class _Taken:
    """The winners so far, in order of start; owned by one call of `resolve`."""

    __slots__ = ("_starts", "_winners")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._winners: list[Candidate] = []

    def add(self, candidate: Candidate) -> None:
        """Add what of `candidate` no winner covers, if it may keep it."""
        over = list(self._overlapping(candidate.finding))
        rank = _RANK[candidate.severity]
        if any(rank < _RANK[winner.severity] for winner in over):
            return
        for start, end in _left_over(candidate.finding, over):
            piece = candidate.finding._replace(start=start, end=end)
            at = bisect_right(self._starts, start)
            self._starts.insert(at, start)
            self._winners.insert(at, candidate._replace(finding=piece))

    def findings(self) -> list[Finding]:
        return [winner.finding for winner in self._winners]

    def _overlapping(self, finding: Finding) -> Iterator[Candidate]:
        at = bisect_right(self._starts, finding.start)
        if at and self._winners[at - 1].finding.end > finding.start:
            at -= 1
        while at < len(self._winners) and self._starts[at] < finding.end:
            yield self._winners[at]
            at += 1


def _left_over(finding: Finding, over: list[Candidate]) -> Iterator[tuple[int, int]]:
    start = finding.start
    for winner in map(attrgetter("finding"), over):
        if winner.start > start:
            yield start, winner.start
        start = max(start, winner.end)
    if start < finding.end:
        yield start, finding.end
