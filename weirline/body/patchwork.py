"""Many short pieces of a text, each read in its own way, as one text to scan.

A body may hold a thousand values in base64, or parts in several charsets; one scan over all of them
costs what one body costs, not a thousand scans. Each piece comes with what stands before it in the
source, because that is where the name of a value is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from weirline.body.segment import Patch, View
from weirline.detect.finding import Step, Way

_BEFORE: Final = 64  # bytes of the source in front of a piece
_TOKEN: Final = re.compile(rb"[\s\"',;{(\[&?]")
_BETWEEN: Final = b"\x1f\n"  # and so is no soft line break behind base64's padding


class Piece(NamedTuple):
    """A part of the source from `start` to `end`, and the view of it."""

    start: int
    end: int
    view: View


class _Patch(NamedTuple):
    """Where a piece stands: in the text, in the source, and how it was read; None: as it is."""

    at: int
    source: int
    view: View | None


class Patchwork:
    """The pieces of `source`, in order, as one text; `whole` is false if some were left out."""

    __slots__ = ("_patches", "_source", "_starts", "text", "way", "whole")

    def __init__(
        self, source: View, pieces: Iterable[Piece], step: Step, *, whole: bool = True
    ) -> None:
        """`pieces` are in order and do not overlap."""
        self.whole = whole
        self._source = source
        self._patches: list[_Patch] = []
        self.way: Way = (*source.way, step)
        parts: list[bytes] = []
        at = done = 0
        for start, end, view in pieces:
            low = _lead(source.text, max(start - _BEFORE, done), start)
            lead = source.text[low:start]
            self._patches.append(_Patch(at, low, None))
            self._patches.append(_Patch(at + len(lead), start, view))
            parts += (lead, view.text, _BETWEEN)
            at += len(lead) + len(view.text) + len(_BETWEEN)
            done = end
        self.text = b"".join(parts)
        self._starts = [patch.at for patch in self._patches]

    def to_wire(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the wire that [start, end) of `text` was made from."""
        first = self._patches[max(bisect_right(self._starts, start) - 1, 0)]
        last = self._patches[max(bisect_left(self._starts, end) - 1, 0)]
        if first is last:
            low, high = _within(first, start, end)
        else:
            low = _within(first, start, max(start, last.at))[0]
            high = _within(last, last.at, end)[1]
        return self._source.to_wire(low, max(low, high))

    def lift(self, patch: Patch) -> Patch | None:
        """Return how `patch` of `text` is written on the wire; None too if it spans two pieces."""
        first = self._patches[max(bisect_right(self._starts, patch.start) - 1, 0)]
        last = self._patches[max(bisect_left(self._starts, patch.start + len(patch.text)) - 1, 0)]
        if first is not last:
            return None
        inner = Patch(patch.start - first.at, patch.text)
        lifted = inner if first.view is None else first.view.lift(inner)
        if lifted is None:
            return None
        return self._source.lift(Patch(lifted.start + first.source, lifted.text))


def patchwork(
    source: View, pieces: Callable[[bytes], Iterable[Piece | None]], step: Step
) -> Patchwork | None:
    """Return the patchwork of what `pieces` finds in the text of `source`, None if that is none.

    A None among them says that there is more which was not looked at.
    """
    found = list(pieces(source.text))
    kept = [piece for piece in found if piece is not None]
    return Patchwork(source, kept, step, whole=len(kept) == len(found)) if found else None


def _lead(text: bytes, low: int, start: int) -> int:
    """Return where what stands before a piece begins: at `low`, or behind a word cut there."""
    if low == 0 or low == start:
        return low
    cut = _TOKEN.search(text, low, start)
    return start if cut is None else cut.end()


def _within(patch: _Patch, start: int, end: int) -> tuple[int, int]:
    low, high = start - patch.at, end - patch.at
    if patch.view is not None:
        size = len(patch.view.text)
        first, end = patch.view.to_wire(min(low, size - 1), min(high, size))
        low = first if low < size else end
        high = end
    return low + patch.source, high + patch.source
