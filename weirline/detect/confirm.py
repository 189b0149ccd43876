"""From a window to the exact spans of the values in it.

A hit only says that something may stand here. RE2 looks for the whole expression in the window
around it, its check decides, and the bytes around the window stay visible, so that a word that goes
on is no word's end. Windows that touch are looked at once: many hits in one place cost what one
does. Values that fail cost a bounded number of further tries, and every byte RE2 reads is counted,
against the caller's budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from weirline.detect.detector import Detector, Severity
from weirline.detect.linear_regex import LinearRegex, Span
from weirline.detect.validators import VALIDATORS
from weirline.detect.windows import merged

# A ceiling, not a cost: RE2 takes what its states need. Where they do not fit it reads thirty times
# slower, and a private key among many BEGIN lines needs four MiB.
CONFIRM_MEM_BYTES: Final = 8 << 20
RETRY_UP_TO: Final = 64  # bytes; the longest value that is tried again, shorter, after it failed
_SEVERE_MISSES: Final = 8  # times more failures before a critical kind is given up
_FREE_BYTES: Final = 4096  # of one window; more than that counts against the budget

Accept = Callable[[int, int], bool]


class TryBudget:
    """How often one scan may still run RE2, and over how many bytes; owned by that scan."""

    __slots__ = ("bytes", "missed_out", "misses", "tries")

    def __init__(self, tries: int, size_bytes: int = 1 << 40, *, misses: int = 1 << 40) -> None:
        """`misses` are the values of one detector that may fail before it is given up.

        `missed_out` says that this happened; who reads it sets it back.
        """
        self.tries = tries
        self.bytes = size_bytes
        self.misses = misses
        self.missed_out = False

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.tries < 0 or self.bytes < 0

    def spend(self) -> bool:
        """Take one try; false if there is none left."""
        self.tries -= 1
        return self.tries >= 0


class Confirmation:
    """The confirm step of one detector; its expression is compiled when first needed."""

    __slots__ = ("_compiled", "_detector", "_severe", "_validator", "_width")

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._width = detector.width
        self._severe = detector.severity is Severity.CRITICAL
        self._validator = VALIDATORS[detector.validator] if detector.validator else None
        self._compiled: LinearRegex | None = None  # two threads may both fill it: same value

    def spans(
        self,
        data: bytes,
        windows: Sequence[Span],
        budget: TryBudget,
        accept: Accept | None = None,
    ) -> Iterator[Span]:
        """Yield the span of each value in `windows`, in order, none overlapping.

        `windows` may overlap and reach beyond the text. `accept` is asked about a span before the
        check. Stops early when `budget` is spent, or when values of this kind failed too often; the
        caller sees that on the budget.
        """
        find = self._regex().find
        misses = budget.misses * (_SEVERE_MISSES if self._severe else 1)
        done = 0  # nothing before this offset is looked at again
        failed = 0  # end of the last value that failed; its later starts are no other value
        for low, high in merged(windows, len(data)):
            low = max(low, done)
            while low < high:
                found = find(data, low, high)
                budget.tries -= 1
                read = (high if found is None else found[0][1]) - low
                if read > _FREE_BYTES:
                    budget.bytes -= read
                if budget.tries < 0 or budget.bytes < 0:
                    return
                if found is None:
                    break
                whole, value = found
                if whole[1] - whole[0] > self._width:  # no bound of its own: cut at the width
                    whole, value = self._shorter(data, whole, whole[0] + self._width) or found
                accepted = self._checked(data, whole, value, budget, accept)
                if accepted is not None:
                    yield accepted
                    low = max(accepted[1], whole[0] + 1)
                else:
                    misses -= whole[0] >= failed
                    failed = max(failed, whole[1])
                    if misses < 0:
                        budget.missed_out = True
                        return
                    low = whole[0] + 1 if whole[1] - whole[0] <= RETRY_UP_TO else whole[1]
                done = low

    def _checked(
        self, data: bytes, whole: Span, value: Span, budget: TryBudget, accept: Accept | None
    ) -> Span | None:
        """Return the longest span from this start that is accepted and passes the check, if any."""
        if self._validator is None:
            return value if accept is None or accept(*value) else None
        while (accept is not None and not accept(*value)) or not self._validator(
            data[value[0] : value[1]]
        ):
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


def around(ends: Sequence[int], width: int) -> list[Span]:
    """Return the windows in which a value up to `width` bytes long may stand that has one of `ends`
    inside or at its end.
    """
    return [(end - width, end + width) for end in ends]
