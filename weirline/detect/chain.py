"""Detection as a whole: matcher, confirm, check, context.

Text without a hit costs the matcher's one pass and nothing else. Everything after a hit is bounded
by it: findings by `max_findings`, RE2 runs and hits by multiples of it; a scan that reaches a bound
says so, because what lies behind was not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from weirline.detect.confirm import Confirmation, TryBudget
from weirline.detect.context import ContextWords, Nearby
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.detect.matcher import Expression, Matcher
from weirline.detect.pattern_set import PatternSet
from weirline.detect.resolve import Candidate, resolve

DEFAULT_MAX_FINDINGS: Final = 10_000
_HITS_PER_FINDING: Final = 10
_TRIES_PER_FINDING: Final = 4


class Candidates(NamedTuple):
    """Candidates in no particular order; `capped` if a bound ended the search early."""

    items: list[Candidate]
    capped: bool


_NONE: Final = Candidates([], capped=False)


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
        by_detector = self._patterns.by_detector(hits).items()
        # Fewest hits first: a text that floods one kind hides no value of another.
        for index, ends in sorted(by_detector, key=_count_of_ends):
            part = self._parts[index]
            for start, end in part.confirmation.spans(data, ends, budget):
                confidence = _confidence(part, data, start)
                if confidence is None:
                    continue
                items.append(_candidate(part.detector, start, end, confidence))
                if len(items) >= self.max_findings:
                    return Candidates(items, capped=True)
        return Candidates(items, capped=hits.capped or budget.left < 0)

    def triggered(self, data: bytes) -> bool:
        """Return whether any trigger fires in `data`."""
        return bool(self._matcher.hits(data, 1).ends)

    def scan(self, data: bytes) -> tuple[list[Finding], bool]:
        """Return the findings in `data` as they stand, no escape undone, and whether capped."""
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


def _confidence(part: _Part, data: bytes, start: int) -> float | None:
    """Return how sure the detector is of a value at `start`, None if context rules it out."""
    context = part.detector.context
    if context is None or part.context is None:
        return part.detector.confidence
    match part.context.look(data, start):
        case Nearby.AGAINST:
            return None
        case Nearby.SUPPORT:
            return min(part.detector.confidence + context.confidence, 1.0)
        case Nearby.NOTHING:
            return None if context.required else part.detector.confidence


def _candidate(detector: Detector, start: int, end: int, confidence: float) -> Candidate:
    finding = Finding(detector.id, detector.category, start, end, confidence)
    return Candidate(finding, detector.validator is not None, detector.severity)
