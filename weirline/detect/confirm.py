"""From a hit of the matcher to the exact span of a value.

A trigger only says that something ended here. RE2 looks for the whole expression as far to both
sides as it can be long, its check decides, and the bytes around the window stay visible, so that a
word that goes on is no word's end. Hits close together are looked at once, over their joined
window: many triggers in one place cost what one does. Values that fail cost a bounded number of
further tries, counted against the caller's budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from weirline.detect.detector import Detector
from weirline.detect.linear_regex import LinearRegex, Span
from weirline.detect.validators import VALIDATORS

CONFIRM_MEM_BYTES: Final = 2 << 20  # a ceiling, not a cost: RE2 takes what its states need
RETRY_UP_TO: Final = 64  # bytes; the longest value that is tried again, shorter, after it failed


class TryBudget:
    """How often one scan may still run RE2; owned by that scan."""

    __slots__ = ("left",)

    def __init__(self, tries: int) -> None:
        self.left = tries

    def spend(self) -> bool:
        """Take one try; false if there is none left."""
        self.left -= 1
        return self.left >= 0


class Confirmation:
    """The confirm step of one detector; its expression is compiled when first needed."""

    __slots__ = ("_compiled", "_detector", "_validator", "_width")

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._width = detector.width
        self._validator = VALIDATORS[detector.validator] if detector.validator else None
        self._compiled: LinearRegex | None = None  # two threads may both fill it: same value

    def spans(self, data: bytes, ends: Sequence[int], budget: TryBudget) -> Iterator[Span]:
        """Yield the span of each value near `ends` (ascending), in order, none overlapping.

        Stops early when `budget` is spent; the caller sees that on the budget.
        """
        find = self._regex().find
        done = 0  # nothing before this offset is looked at again
        for low, high in self._windows(ends, len(data)):
            low = max(low, done)
            while low < high:
                budget.left -= 1
                if budget.left < 0:
                    return
                found = find(data, low, high)
                if found is None:
                    break
                whole, value = found
                if whole[1] - whole[0] > self._width:  # no bound of its own: cut at the width
                    whole, value = self._shorter(data, whole, whole[0] + self._width) or found
                accepted = self._checked(data, whole, value, budget)
                if accepted is not None:
                    yield accepted
                    low = max(accepted[1], whole[0] + 1)
                else:
                    low = whole[0] + 1 if whole[1] - whole[0] <= RETRY_UP_TO else whole[1]
                done = low

    def _windows(self, ends: Sequence[int], size: int) -> Iterator[Span]:
        low, high = max(ends[0] - self._width, 0), ends[0] + self._width
        for end in ends:
            if end - self._width > high:
                yield low, min(high, size)
                low = end - self._width
            high = end + self._width
        yield low, min(high, size)

    def _checked(self, data: bytes, whole: Span, value: Span, budget: TryBudget) -> Span | None:
        """Return the longest span from this start that passes the check, if any."""
        if self._validator is None:
            return value
        while not self._validator(data[value[0] : value[1]]):
            if whole[1] - whole[0] > RETRY_UP_TO or not budget.spend():
                return None
            shorter = self._shorter(data, whole, whole[1] - 1)
            if shorter is None:
                return None
            whole, value = shorter
        return value

    def _shorter(self, data: bytes, whole: Span, end: int) -> tuple[Span, Span] | None:
        return self._regex().find_at(data, whole[0], end)

    def _regex(self) -> LinearRegex:
        if self._compiled is None:
            self._compiled = LinearRegex(
                self._detector.pattern,
                caseless=self._detector.caseless,
                max_mem_bytes=CONFIRM_MEM_BYTES,
            )
        return self._compiled
