r"""The byte classes that every match of an expression begins with.

Numbers have no literal, but a shape: `\d\d\d-\d\d-\d` stands in no ordinary text. The class finder
looks for many such sequences at once; only where one stands is the expression tried. None is
missed. Sequences that ordinary text is full of are refused, by how often a byte of each class comes
up in JSON, logs and prose.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from functools import lru_cache
from math import prod
from typing import Final, NamedTuple, assert_never

from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, Sequence
from weirline.rulepack.prefix import flat

LONGEST: Final = 20  # bytes, the one before the value included
_MOST: Final = 64  # sequences of one expression
_MOST_OPTIONAL: Final = 3  # times more an item may be repeated, each spelled out
_HIGH: Final = ((1 << 128) - 1) << 128
_RAREST: Final = 2.0**-9  # how often sequences may come up, in all, for each byte of text

ClassSequence = tuple[int, ...]  # one mask a byte


def _mask(letters: bytes) -> int:
    return sum(1 << byte for byte in letters)


DIGITS: Final = _mask(b"0123456789")

_WORD: Final = DIGITS | _mask(b"_") | _mask(bytes(range(65, 91))) | _mask(bytes(range(97, 123)))
_NO_WORD: Final = ((1 << 256) - 1) & ~_WORD

_Share = tuple[bytes, float]
_SHARES: Final[tuple[_Share, ...]] = (
    (b"0123456789", 0.16),
    (b"abcdefghijklmnopqrstuvwxyz", 0.5),
    (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.08),
    (b' ",:._-/\\n', 0.2),
    (b"@", 0.001),
    (bytes(range(128, 256)), 0.03),
)


class _Begun(NamedTuple):
    """A sequence so far, and whether what comes next stands right behind it."""

    classes: ClassSequence
    open: bool


def class_anchor(node: Node) -> tuple[ClassSequence, ...]:
    """Return class sequences of which one stands at the beginning of each match; none if too weak.

    The first class may be that of the byte before the value, the last that of the byte behind it;
    the ends of a text count as bytes of these. Classes hold all bytes outside ASCII, or none.
    """
    begun = [_Begun((), open=True)]
    parts = flat(node)
    if parts and isinstance(parts[0], Choice):
        parts = (_without_start(parts[0]), *parts[1:])
    for part in parts:
        begun = _extended(part, begun)
    classes = {one.classes for one in begun}
    minimal = {one for one in classes if not any(one[:size] in classes for size in range(len(one)))}
    if any(mask & _HIGH not in {0, _HIGH} for one in minimal for mask in one):
        return ()
    if len(minimal) > _MOST or frequency(tuple(minimal)) > _RAREST:
        return ()
    return tuple(sorted(minimal))


def frequency(sequences: Many[ClassSequence]) -> float:
    """Return how often `sequences` come up for each byte of ordinary text, about."""
    return sum(prod(map(share, one)) for one in sequences)


@lru_cache(maxsize=4096)
def share(mask: int) -> float:
    """Return how many of the bytes of ordinary text are of a class, 0 to 1, about."""
    total = sum(
        part * sum(mask >> byte & 1 for byte in letters) / len(letters) for letters, part in _SHARES
    )
    return max(total, 0.0005)


def _without_start(fence: Choice) -> Choice:
    """Return a choice like `(?:^|[^0-9])` without `^`: the byte before a text is of every class."""
    taken = [option for option in fence.options if isinstance(option, Bytes)]
    if not taken or Fence.START not in fence.options:
        return fence
    mask = 0
    for option in taken:
        mask |= option.mask
    others = [one for one in fence.options if not isinstance(one, Bytes) and one is not Fence.START]
    return Choice((Bytes(mask), *others))


def _extended(part: Node, begun: list[_Begun]) -> list[_Begun]:
    """Return `begun` with what `part` may match behind each that is open."""
    match part:
        case Bytes(mask):
            return [_with(one, mask) for one in begun]
        case Fence():
            return [_fenced(one) for one in begun] if part is Fence.WORD else begun
        case Sequence(parts):
            for inner in parts:
                begun = _extended(inner, begun)
            return begun
        case Choice(options):
            if Fence.END in options and (after := _first_bytes(options)):
                return _closed([_with(one, after) for one in begun])
            kept = [one for one in begun if not one.open]
            still = [one for one in begun if one.open]
            if still:
                kept += [one for option in options for one in _extended(option, still)]
            return _bounded(kept, begun)
        case Repeat(item, low, high):
            return _repeated(item, low, high, begun)
    assert_never(part)


def _fenced(one: _Begun) -> _Begun:
    """Return a sequence with the end of its word behind it: no letter, no digit, or the end."""
    if not one.open or not one.classes or one.classes[-1] & ~_WORD:
        return one
    return _Begun((*one.classes, _NO_WORD), open=False)


def _first_bytes(options: tuple[Node, ...]) -> int:
    """Return which bytes options other than the end of the text begin with, 0 if that is open."""
    mask = 0
    for option in options:
        first = flat(option)[0] if isinstance(option, Sequence) else option
        if isinstance(first, Bytes):
            mask |= first.mask
        elif option is not Fence.END:
            return 0
    return mask


def _with(one: _Begun, mask: int) -> _Begun:
    if not one.open:
        return one
    classes = (*one.classes, mask)
    return _Begun(classes, len(classes) < LONGEST)


def _repeated(item: Node, low: int, high: int | None, begun: list[_Begun]) -> list[_Begun]:
    for _ in range(min(low, LONGEST)):
        begun = _extended(item, begun)
    if high is None or high - low > _MOST_OPTIONAL:
        return _closed(begun)
    every = longer = begun
    for _ in range(high - low):
        longer = _extended(item, [one for one in longer if one.open])
        every = every + longer
    return _bounded(every, begun)


def _bounded(grown: list[_Begun], begun: list[_Begun]) -> list[_Begun]:
    unique = list(dict.fromkeys(grown))
    return unique if len(unique) <= 2 * _MOST else _closed(begun)


def _closed(begun: list[_Begun]) -> list[_Begun]:
    return [_Begun(one.classes, open=False) for one in begun]
