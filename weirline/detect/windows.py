"""Where in a text each detector is worth a try: the passes over the whole text, and their hits.

The engine looks for literals and words, the class finder for shapes of numbers; what neither of
them can look for runs as an expression of its own. Detectors that count only beside a word of
theirs are looked for around such words alone, all their shapes at once. A hit that floods the text
is no longer told one by one: its detectors get the rest of the text for a window, and nothing is
missed for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from weirline.detect.class_finder import NO_HITS, ClassProgram, find_classes, quiet_check
from weirline.detect.linear_regex import Span
from weirline.detect.matcher import Matcher
from weirline.detect.plan import WHOLE_TEXT, ClassPass, Owners, Plan
from weirline.detect.surroundings import head_end

_FLOOD: Final = 65_536  # hits of all expressions together, then they are told no more
_CLASS_FLOOD: Final = 16_384  # hits of one sequence
_WIDEST_HIT: Final = 256  # bytes; what the engine must see again of a hit that was cut

Windows = dict[int, list[Span]]


class Matchers(NamedTuple):
    """The engine's databases of one plan; None where the plan has no such expressions.

    `present` holds the expressions of `literals`, and tells of each only its first hit.
    """

    literals: Matcher | None
    present: Matcher | None
    others: Matcher | None


class Lookout:
    """The passes of one plan. Immutable; safe to use from several threads at once."""

    __slots__ = ("_matchers", "_plan")

    def __init__(self, plan: Plan, matchers: Matchers) -> None:
        self._plan = plan
        self._matchers = matchers

    def windows(self, data: bytes) -> Windows:
        """Return the windows of each detector, by its index; none for most detectors."""
        windows: Windows = {}
        plan, matchers = self._plan, self._matchers
        if matchers.literals is not None:
            self._literal_pass(data, matchers.literals, windows)
        if plan.classes.owners:
            _class_pass(plan.classes, data, 0, windows, None)
        if matchers.others is not None:
            hits = matchers.others.hits(data, _FLOOD)
            _around_hits(hits.ends, plan.others.owners, data, windows)
            if hits.capped:
                told = hits.ends[-1][1]
                _to_the_end(range(len(plan.others.owners)), plan.others.owners, told, data, windows)
        return windows

    def quiet_check(self, other: ClassProgram) -> Callable[[bytes], bool] | None:
        """Return what says that a text has no windows, and nothing of `other`; None for none.

        What it says no to may have none all the same. See `class_finder.quiet_check`.
        """
        quiet = quiet_check(self._plan.classes.program, other)
        literals = self._matchers.literals
        if quiet is None or literals is None or self._matchers.others is not None:
            return None
        hits = literals.hits
        return lambda data: quiet(data) and not hits(data, 1).ends

    def _literal_pass(self, data: bytes, literals: Matcher, windows: Windows) -> None:
        plan = self._plan
        hits = literals.hits(data, _FLOOD)
        if not hits.ends:
            return
        _around_hits(hits.ends, plan.literals.owners, data, windows)
        words = [(index, end) for index, end in hits.ends if plan.words[index]]
        named = {detector for index, _ in words for detector in plan.words[index]}
        regions = [(end - plan.before_word, end + plan.behind_word) for _, end in words]
        if words and words[0][1] <= head_end(data) + 1:  # it may be the head of a column
            regions.append((0, WHOLE_TEXT))
        if hits.capped:
            told = hits.ends[-1][1]
            left = self._present_behind(data, told)
            _to_the_end(left, plan.literals.owners, told, data, windows)
            named.update(detector for index in left for detector in plan.words[index])
            regions.append((told - plan.before_word, WHOLE_TEXT))
        if named:
            for low, high in merged(regions, len(data)):
                part = data if high - low == len(data) else data[low:high]
                _class_pass(plan.named, part, low, windows, named)

    def _present_behind(self, data: bytes, told: int) -> Sequence[int]:
        """Return which literals stand behind `told`; how often they do costs nothing."""
        count = len(self._plan.literals.owners)
        if self._matchers.present is None:
            return range(count)
        rest = data[max(told - _WIDEST_HIT, 0) :]
        return [index for index, _ in self._matchers.present.hits(rest, count).ends]


def merged(windows: Sequence[Span], size: int) -> Iterator[Span]:
    """Yield `windows` in order, those that touch as one, none beyond a text of `size` bytes."""
    if len(windows) == 1:
        low, high = windows[0]
        yield max(low, 0), min(high, size)
        return
    ordered = sorted(windows)
    low, high = ordered[0]
    for start, end in ordered:
        if start > high:
            yield max(low, 0), min(high, size)
            low = start
            high = end
        elif end > high:
            high = end
    yield max(low, 0), min(high, size)


def _around_hits(
    ends: Iterable[tuple[int, int]], owners: Owners, data: bytes, windows: Windows
) -> None:
    head = -1
    for index, end in ends:
        for reach in owners[index]:
            behind = reach.behind
            if reach.column:
                head = head_end(data) + 1 if head < 0 else head  # a word may take the line's end
                behind = WHOLE_TEXT if end <= head else behind
            windows.setdefault(reach.detector, []).append((end - reach.before, end + behind))


def _to_the_end(
    indices: Iterable[int], owners: Owners, told: int, data: bytes, windows: Windows
) -> None:
    for index in indices:
        for reach in owners[index]:
            near = windows.setdefault(reach.detector, [])
            near.append((told - reach.before, len(data)))


def _class_pass(
    looked_for: ClassPass, part: bytes, base: int, windows: Windows, only: set[int] | None
) -> None:
    """Add what stands in `part`, which begins at `base` of the text; of the detectors `only`."""
    hits = find_classes(looked_for.program, part, _CLASS_FLOOD)
    if hits is NO_HITS:
        return
    ends, given_up = hits
    for index, found in ends.items():
        for reach in looked_for.owners[index]:
            if only is None or reach.detector in only:
                near = windows.setdefault(reach.detector, [])
                before, behind = base - reach.before, base + reach.behind
                near += [(end + before, end + behind) for end in found]
    for index, end in given_up.items():
        for reach in looked_for.owners[index]:
            if only is None or reach.detector in only:
                near = windows.setdefault(reach.detector, [])
                near.append((base + end - reach.before, base + len(part)))
