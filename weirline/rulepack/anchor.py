"""The literals that every match of an expression contains.

The engine's literal pass looks for them in every body, at a fraction of the cost of the expressions
themselves; only where one stands is its expression tried. None is missed: the texts are worked out
on the tree, so that a detector's author need not name a trigger. Literals under three bytes are
refused: they stand everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Final, NamedTuple, assert_never

from weirline.detect.matcher import Expression
from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, Sequence
from weirline.rulepack.prefix import flat, render

LEAST_LITERAL: Final = 3  # bytes; a shorter one stands everywhere
_MOST_LITERALS: Final = 24  # alternatives of one anchor
_LONGEST_LITERAL: Final = 16  # bytes
_MOST_LETTERS: Final = 4  # of a class that is told apart letter by letter
_LONG_NUMBER: Final = 7  # digits
_TAIL: Final = 6  # bytes behind a leading literal that are looked at with it

Text = tuple[int, ...]  # one mask a byte: a byte, or a letter in both cases
Texts = frozenset[Text]
_NOTHING: Final[Texts] = frozenset({()})


class _Seen(NamedTuple):
    """Of an expression: all the texts it matches, if few; texts of which each match has one."""

    exact: Texts | None
    best: Texts


def literal_anchor(node: Node) -> tuple[Expression, ...]:
    """Return expressions of which one ends inside or at the end of each match; none if too weak.

    Each begins with a literal of at least `LEAST_LITERAL` bytes, perhaps behind one byte.
    """
    best = _seen(node).best
    if _worth(best)[0] < LEAST_LITERAL or any(map(_only_digits, best)):
        return ()
    leading = _leading(node)
    if leading is not None:
        return (leading,)
    return tuple(sorted({_expression(text) for text in best if not _contains_other(text, best)}))


def _only_digits(text: Text) -> bool:
    """A few digits are no mark: every text is full of numbers."""
    return len(text) < _LONG_NUMBER and all(48 <= _lowest(mask) <= 57 for mask in text)


def _contains_other(text: Text, texts: Texts) -> bool:
    return any(
        text[at : at + len(other)] == other
        for other in texts
        if len(other) < len(text)
        for at in range(len(text) - len(other) + 1)
    )


def _worth(texts: Texts) -> tuple[int, int]:
    return min((min(map(len, texts)), 8)) if texts else 0, -len(texts)


def _better(one: Texts, other: Texts) -> Texts:
    return one if _worth(one) >= _worth(other) else other


def _seen(node: Node) -> _Seen:
    match node:
        case Bytes(mask):
            letters = _letters(mask)
            exact = frozenset((one,) for one in letters) if letters else None
            return _Seen(exact, exact or _NOTHING)
        case Fence():
            return _Seen(_NOTHING, _NOTHING)
        case Sequence():
            return _seen_in_sequence(flat(node))
        case Choice(options):
            return _seen_in_choice([_seen(option) for option in options])
        case Repeat(item, low, high):
            return _seen_repeated(_seen(item), low, high)
    assert_never(node)


def _seen_in_sequence(parts: Iterable[Node]) -> _Seen:
    run: Texts = _NOTHING
    best: Texts = _NOTHING
    whole = True
    for part in parts:
        exact, inner = _seen(part)
        joined = None if exact is None else _joined(run, exact)
        if joined is not None:
            run = joined
            continue
        whole = False
        best = _better(_better(best, run), inner)
        run = exact if exact is not None else _NOTHING
    return _Seen(run if whole else None, _better(best, run))


def _seen_in_choice(options: list[_Seen]) -> _Seen:
    best = frozenset(text for option in options for text in option.best)
    if len(best) > _MOST_LITERALS:
        best = _NOTHING
    if any(option.exact is None for option in options):
        return _Seen(None, best)
    exact = frozenset(text for option in options for text in option.exact or ())
    return _Seen(exact if len(exact) <= _MOST_LITERALS else None, best)


def _seen_repeated(item: _Seen, low: int, high: int | None) -> _Seen:
    if low == 0:
        optional = item.exact | _NOTHING if item.exact is not None and high == 1 else None
        return _Seen(optional, _NOTHING)
    if item.exact is None:
        return _Seen(None, item.best)
    run: Texts | None = item.exact
    for _ in range(min(low, _LONGEST_LITERAL) - 1):
        longer = None if run is None else _joined(run, item.exact)
        if longer is None:
            return _Seen(None, run or item.best)
        run = longer
    return _Seen(run if low == high and low <= _LONGEST_LITERAL else None, run or item.best)


def _joined(texts: Texts, more: Texts) -> Texts | None:
    if len(texts) * len(more) > _MOST_LITERALS:
        return None
    joined = frozenset(one + other for one, other in product(texts, more))
    return joined if max(map(len, joined)) <= _LONGEST_LITERAL else None


def _letters(mask: int) -> list[int]:
    """Return the bytes of a small class, a letter in both cases as one; none of a large one."""
    if mask.bit_count() > 2 * _MOST_LETTERS:
        return []
    letters = []
    for byte in range(mask.bit_length()):
        pair = 1 << byte | 1 << (byte ^ 32)
        if mask >> byte & 1 and not (chr(byte).isupper() and byte < 128 and mask & pair == pair):
            both = 97 <= byte <= 122 and mask & pair == pair
            letters.append(pair if both else 1 << byte)
    return letters if len(letters) <= _MOST_LETTERS else []


def _lowest(mask: int) -> int:
    return mask.bit_length() - 1  # of a letter in both cases the small one


def _expression(text: Text) -> Expression:
    caseless = any(mask.bit_count() > 1 for mask in text)
    return Expression("".join(f"\\x{_lowest(mask):02x}" for mask in text), caseless)


def _leading(node: Node) -> Expression | None:
    """Return the beginning of `node`, if it is a literal and a few classes; fences as they are."""
    parts = flat(node)
    kept: list[Node] = []
    literal = tail = 0
    for part in parts:
        item, low, high = (
            (part.item, part.low, part.high) if isinstance(part, Repeat) else (part, 1, 1)
        )
        if not kept and isinstance(part, Fence | Choice) and _is_fence(part):
            kept.append(part)
            continue
        if not isinstance(item, Bytes) or low == 0:
            break
        if len(_letters(item.mask)) == 1 and low == high and not tail:
            kept.append(part)
            literal += low
            continue
        if literal < LEAST_LITERAL:
            return None
        kept.append(Repeat(item, min(low, _TAIL - tail), min(low, _TAIL - tail)))
        tail += min(low, _TAIL - tail)
        if tail == _TAIL or low != high:
            break
    if literal < LEAST_LITERAL:
        return None
    return Expression(render(Sequence(tuple(kept))), caseless=False)


def _is_fence(part: Fence | Choice) -> bool:
    return isinstance(part, Fence) or all(isinstance(one, Fence | Bytes) for one in part.options)
