"""Detection as a whole: matcher, confirm, check, context.

Text without a hit costs the matcher's one pass and nothing else. Everything after a hit is bounded
by it: findings by `max_findings`, RE2 runs and hits by multiples of it; a scan that reaches a bound
names the detectors it did not look to the end for, because what they would have found may be there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from weirline.detect.confirm import Confirmation, TryBudget
from weirline.detect.context import ContextWords, Nearby
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.detect.matcher import Expression, Hits, Matcher
from weirline.detect.pattern_set import PatternSet
from weirline.detect.resolve import Candidate, resolve

DEFAULT_MAX_FINDINGS: Final = 10_000
# A MiB of JSON full of ids that look like cards costs five hits and two tries every twenty bytes,
# and is looked at to its end; a third of a second is spent on it.
_HITS_PER_FINDING: Final = 30
_TRIES_PER_FINDING: Final = 12


class Candidates(NamedTuple):
    """Candidates in no particular order; `capped` names detectors not looked for to the end."""

    items: list[Candidate]
    capped: frozenset[str]


_NONE: Final = Candidates([], frozenset())


class _Part(NamedTuple):
    """What the chain keeps ready for one detector."""

    detector: Detector
    confirmation: Confirmation
    context: ContextWords | None


class Chain:
    """Detectors made ready to run. Immutable; safe to use from several threads at once."""

    __slots__ = ("_matcher", "_parts", "_patterns", "max_findings")

    def __init__(
        self, patterns: PatternSet, matcher: Matcher, *, max_findings: int = DEFAULT_MAX_FINDINGS
    ) -> None:
        """`matcher` must hold `patterns.expressions` in their order; `max_findings` is over 0."""
        self.max_findings = max_findings
        self._patterns = patterns
        self._matcher = matcher
        self._parts = tuple(
            _Part(
                detector,
                Confirmation(detector),
                ContextWords(detector.context) if detector.context else None,
            )
            for detector in patterns.detectors
        )

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors it runs."""
        return self._patterns.detectors

    def candidates(self, data: bytes) -> Candidates:
        """Return everything the detectors claim in `data`, overlapping claims included."""
        hits = self._matcher.hits(data, _HITS_PER_FINDING * self.max_findings)
        if not hits.ends:
            return _NONE
        budget = TryBudget(_TRIES_PER_FINDING * self.max_findings)
        items: list[Candidate] = []
        # Fewest hits first: a text that floods one kind hides no value of another.
        ordered = sorted(self._patterns.by_detector(hits).items(), key=_count_of_ends)
        for turn, (index, ends) in enumerate(ordered):
            part = self._parts[index]
            for start, end in part.confirmation.spans(data, ends, budget):
                confidence = _confidence(part, data, start, end)
                if confidence is None:
                    continue
                items.append(_candidate(part.detector, start, end, confidence))
                if len(items) >= self.max_findings:
                    return Candidates(items, self._unfinished(hits, ordered[turn:]))
            if budget.left < 0:
                return Candidates(items, self._unfinished(hits, ordered[turn:]))
        return Candidates(items, self._unfinished(hits, ()))

    def _unfinished(self, hits: Hits, left: Sequence[tuple[int, list[int]]]) -> frozenset[str]:
        """The detectors of `left`, or all of them where the matcher itself stopped early."""
        if hits.capped:
            return frozenset(part.detector.id for part in self._parts)
        return frozenset(self._parts[index].detector.id for index, _ in left)

    def triggered(self, data: bytes) -> bool:
        """Return whether any trigger fires in `data`."""
        return bool(self._matcher.hits(data, 1).ends)

    def scan(self, data: bytes) -> tuple[list[Finding], frozenset[str]]:
        """Return the findings in `data` as they stand, no escape undone, and what was capped."""
        found = self.candidates(data)
        return resolve(found.items), found.capped


def build_chain(
    detectors: Sequence[Detector],
    make_matcher: Callable[[Sequence[Expression]], Matcher],
    *,
    max_findings: int = DEFAULT_MAX_FINDINGS,
) -> Chain:
    """Return the chain of `detectors` on the matcher that `make_matcher` makes for them."""
    patterns = PatternSet(detectors)
    return Chain(patterns, make_matcher(patterns.expressions), max_findings=max_findings)


def _count_of_ends(item: tuple[int, list[int]]) -> int:
    return len(item[1])


def _confidence(part: _Part, data: bytes, start: int, end: int) -> float | None:
    """Return how sure the detector is of a value at `start`, None if context rules it out."""
    context = part.detector.context
    if context is None or part.context is None:
        return part.detector.confidence
    match part.context.look(data, start, end):
        case Nearby.AGAINST:
            return None
        case Nearby.SUPPORT:
            return min(part.detector.confidence + context.confidence, 1.0)
        case Nearby.NOTHING:
            return None if context.required else part.detector.confidence


def _candidate(detector: Detector, start: int, end: int, confidence: float) -> Candidate:
    finding = Finding(detector.id, detector.category, start, end, confidence)
    return Candidate(finding, detector.validator is not None, detector.severity)
