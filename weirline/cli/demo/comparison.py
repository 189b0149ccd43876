"""The same answer before and after, cut down to lines that fit side by side.

It shows lines that differ, or, where nothing was changed, lines that hold a value. It keeps to the
text as it came: nothing is re-indented beyond the margin all shown lines share, and what cannot be
printed becomes a dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

DOT = "·"
ELLIPSIS = "..."


class Row(NamedTuple):
    """One line of both answers; `start` to `end` is where they differ, in characters."""

    before: str
    after: str
    start: int
    end: int


def compare(
    before: bytes, after: bytes, values: Sequence[bytes], *, rows: int, width: int
) -> list[Row]:
    """Return up to `rows` rows whose halves are at most `width` characters wide."""
    pairs = list(zip_longest(before.split(b"\n"), after.split(b"\n"), fillvalue=b""))
    shown = [pair for pair in pairs if pair[0] != pair[1]]
    if not shown:
        shown = [pair for pair in pairs if any(value in pair[0] for value in values)] or pairs
    texts = [(_printable(left), _printable(right)) for left, right in shown[:rows]]
    margin = min((_indent(text) for pair in texts for text in pair if text.strip()), default=0)
    return [_row(left[margin:], right[margin:], width=width) for left, right in texts]


def _row(before: str, after: str, *, width: int) -> Row:
    """Cut both to the same window, one that shows where they begin to differ."""
    start, end = _difference(before, after)
    first = 0 if start < width * 2 // 3 else start - width // 3
    left, right = (_crop(text, first, width) for text in (before, after))
    return Row(left, right, min(start - first, width), min(end - first, width))


def _crop(text: str, first: int, width: int) -> str:
    """Return `width` characters from `first` on, with dots where something was cut off."""
    window = text[first : first + width]
    if first and window:
        window = ELLIPSIS + window[len(ELLIPSIS) :]
    if len(text) > first + width:
        window = window[: -len(ELLIPSIS)] + ELLIPSIS
    return window


def _difference(before: str, after: str) -> tuple[int, int]:
    """Return the first and one past the last place where the two differ; equal texts give 0, 0."""
    places = [at for at, (left, right) in enumerate(zip_longest(before, after)) if left != right]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _printable(line: bytes) -> str:
    return _join(line.decode(errors="replace").expandtabs(4))


def _join(characters: Iterable[str]) -> str:
    return "".join(letter if letter.isprintable() else DOT for letter in characters)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
