"""Detection as a whole: passes over the text, then confirm, context and check where they hit.

The engine looks for literals and words, the class finder for shapes of numbers; what neither of
them can look for runs as an expression of its own. Text without a hit costs these passes and
nothing else. Everything after a hit is bounded: findings by `max_findings`, RE2 runs and the bytes
they read by multiples of it. A scan that reaches a bound names the detectors it did not look to the
end for, because what they would have found may be there. A hit that floods the text is no longer
told one by one: its detectors read the rest of the text instead, and nothing is missed for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from weirline.detect.class_finder import ClassProgram
from weirline.detect.confidence import confidence_of
from weirline.detect.confirm import Accept, Confirmation, TryBudget
from weirline.detect.context import ContextWords, Nearby, Seen
from weirline.detect.detector import Detector, Severity
from weirline.detect.finding import Finding
from weirline.detect.floor import Floors
from weirline.detect.linear_regex import Span
from weirline.detect.plan import Plan
from weirline.detect.resolve import Candidate, resolve
from weirline.detect.surroundings import Surroundings
from weirline.detect.validators.secret_text import HEURISTIC
from weirline.detect.windows import Lookout, Matchers

DEFAULT_MAX_FINDINGS: Final = 10_000
_TRIES_PER_FINDING: Final = 12
_LEAST_BYTES_READ: Final = 4 << 20
_BYTES_READ_PER_BYTE: Final = 6  # by RE2, in windows that flooded hits have joined
_LEAST_MISSES: Final = 512  # values of one detector that fail, then it is given up
_BYTES_PER_MISS: Final = 1024  # of the text for each more; 8 times as many of critical kinds
_LARGE_WINDOW: Final = 64 << 10  # bytes; who reads more comes after those who read less
_RANK: Final = {severity: -rank for rank, severity in enumerate(Severity)}
_NOTHING_SEEN: Final = Seen(Nearby.NOTHING)


class Candidates(NamedTuple):
    """Candidates in no particular order; `capped` names detectors not looked for to the end."""

    items: list[Candidate]
    capped: frozenset[str]


_NONE: Final = Candidates([], frozenset())


class Tried(NamedTuple):
    """One value that passed pattern and check, and what became of it; never the value itself."""

    detector: Detector
    start: int
    end: int
    seen: Seen
    confidence: float | None


class _Part(NamedTuple):
    """What the chain keeps ready for one detector."""

    detector: Detector
    confirmation: Confirmation
    context: ContextWords | None
    required: bool
    floor: float


class Chain:
    """Detectors made ready to run. Immutable; safe to use from several threads at once."""

    __slots__ = ("_lookout", "_parts", "detectors", "max_findings")

    def __init__(
        self,
        detectors: Sequence[Detector],
        plan: Plan,
        matchers: Matchers,
        *,
        max_findings: int = DEFAULT_MAX_FINDINGS,
        floors: Floors | None = None,
    ) -> None:
        """`plan` is that of `detectors`, `matchers` hold its expressions; `max_findings` is over 0.

        What is under its floor is no candidate; without `floors` everything counts.
        """
        self.max_findings = max_findings
        self.detectors = tuple(detectors)
        self._lookout = Lookout(plan, matchers)
        self._parts = tuple(
            _Part(
                detector,
                Confirmation(detector),
                ContextWords(detector.context) if detector.context else None,
                detector.context is not None and detector.context.required,
                floors.of(detector.id) if floors else 0.0,
            )
            for detector in detectors
        )

    def candidates(self, data: bytes) -> Candidates:
        """Return everything the detectors claim in `data`, overlapping claims included."""
        windows = self._lookout.windows(data)
        if not windows:
            return _NONE
        run = _Run(data, self._budget(data))
        items: list[Candidate] = []
        given_up: frozenset[str] = frozenset()
        ordered = (
            sorted(windows.items(), key=self._precedence)
            if len(windows) > 1
            else list(windows.items())
        )
        for turn, (index, spans) in enumerate(ordered):
            part = self._parts[index]
            for start, end in run.spans(part, spans):
                seen = _NOTHING_SEEN if part.context is None else run.seen(part, start, end)
                confidence = confidence_of(part.detector, seen.nearby)
                if confidence is None or confidence < part.floor:
                    continue
                finding = _finding(part.detector, start, end, confidence)
                items.append(_candidate(part.detector, finding, seen))
                if len(items) >= self.max_findings:
                    return Candidates(items, self._named(ordered[turn:]) | given_up)
            if run.budget.spent:
                return Candidates(items, self._named(ordered[turn:]) | given_up)
            if run.budget.missed_out:
                run.budget.missed_out = False
                given_up |= {part.detector.id}
        return Candidates(items, given_up)

    def quiet_check(self, other: ClassProgram) -> Callable[[bytes], bool] | None:
        """Return what says quickly of a text that nothing in it is worth a look; None for none.

        `other` is looked for too. See `Lookout.quiet_check`.
        """
        return self._lookout.quiet_check(other)

    def triggered(self, data: bytes) -> bool:
        """Return whether anything in `data` makes a detector look closer."""
        return bool(self._lookout.windows(data))

    def scan(self, data: bytes) -> tuple[list[Finding], frozenset[str]]:
        """Return the findings in `data` as they stand, no escape undone, and what was capped."""
        found = self.candidates(data)
        return resolve(found.items), found.capped

    def explain(self, data: bytes) -> Iterator[Tried]:
        """Yield every value that passed its pattern and check, those that context drops too."""
        run = _Run(data, self._budget(data))
        for index, spans in sorted(self._lookout.windows(data).items()):
            part = self._parts[index]
            for start, end in part.confirmation.spans(data, spans, run.budget):
                seen = run.seen(part, start, end)
                confidence = confidence_of(part.detector, seen.nearby)
                yield Tried(part.detector, start, end, seen, confidence)

    def _budget(self, data: bytes) -> TryBudget:
        size = max(_LEAST_BYTES_READ, _BYTES_READ_PER_BYTE * len(data))
        misses = _LEAST_MISSES + len(data) // _BYTES_PER_MISS
        return TryBudget(_TRIES_PER_FINDING * self.max_findings, size, misses=misses)

    def _precedence(self, item: tuple[int, list[Span]]) -> tuple[int, int]:
        """Fewest bytes first, so that a flood of one kind hides no value of another.

        Of those who read much, the most severe first.
        """
        index, spans = item
        size = sum(high - low for low, high in spans)
        severe = _RANK[self._parts[index].detector.severity] if size > _LARGE_WINDOW else -9
        return severe, size

    def _named(self, left: Sequence[tuple[int, list[Span]]]) -> frozenset[str]:
        return frozenset(self._parts[index].detector.id for index, _ in left)


class _Run:
    """One text being looked at: the budget, and what was read around its values."""

    __slots__ = ("_around", "budget", "data")

    def __init__(self, data: bytes, budget: TryBudget) -> None:
        self.data = data
        self.budget = budget
        self._around: dict[Span, Surroundings] = {}

    def spans(self, part: _Part, windows: Sequence[Span]) -> Iterator[Span]:
        """Yield the values of one detector; where context is required, only with their words."""
        accept: Accept | None = None
        if part.required:

            def accept(start: int, end: int) -> bool:
                return self.seen(part, start, end).nearby is Nearby.SUPPORT

        return part.confirmation.spans(self.data, windows, self.budget, accept)

    def seen(self, part: _Part, start: int, end: int) -> Seen:
        """Return which word of the detector stands around a value."""
        if part.context is None:
            return _NOTHING_SEEN
        around = self._around.get((start, end))
        if around is None:
            around = self._around[start, end] = Surroundings(self.data, start, end)
        return part.context.see(around)


def _finding(detector: Detector, start: int, end: int, confidence: float) -> Finding:
    return Finding(detector.id, detector.category, start, end, confidence)


def _candidate(detector: Detector, finding: Finding, seen: Seen) -> Candidate:
    checked = detector.validator is not None and detector.validator not in HEURISTIC
    return Candidate(finding, checked, detector.severity, len(seen.word))
