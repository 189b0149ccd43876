"""The literals that the detectors of a pack cannot do without, as a peer of its own.

For each detector: bytes that stand in every text its pattern matches, one of several where it has
branches; where it has none but needs a word of context, those words. A detector of digits alone has
neither and is left out, and so is a literal of one ordinary byte: that makes the peer faster, and
our bar higher. Nothing is taken from the triggers: those are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from weirline.detect.detector import Detector
from weirline.detect.matcher import Expression
from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, parse_expression
from weirline.rulepack.expression import Sequence as Row

SHORTEST: Final = 2  # bytes
_RARE: Final = (1 << ord("@"),)  # the one byte that is worth a pass on its own
_CASE: Final = 0x20

# One mask a byte: bit n stands for byte n; two bits are a letter in both cases.
Literal = tuple[int, ...]
Literals = frozenset[Literal]
_NONE: Final[Literals] = frozenset()


def pack_literals(detectors: Sequence[Detector]) -> list[Expression]:
    """Return the distinct literals of all `detectors`, as expressions, in a fixed order."""
    return sorted({each for detector in detectors for each in detector_literals(detector)})


def detector_literals(detector: Detector) -> frozenset[Expression]:
    """Return literals of which one stands in every text where `detector` finds something.

    Empty where there is no such set.
    """
    own = required(parse_expression(detector.pattern, caseless=detector.caseless))
    if _shortest(own) < SHORTEST and detector.context is not None and detector.context.required:
        words = (max(word.split(), key=len).encode() for word in detector.context.words)
        return frozenset(Expression(_spelled(word), caseless=True) for word in words)
    if _shortest(own) < SHORTEST and own != {_RARE}:
        return frozenset()
    return frozenset(Expression("".join(map(_byte_class, one)), caseless=False) for one in own)


def required(node: Node) -> Literals:
    """Return literals of which every match of `node` has one; empty where there is no such set."""
    match node:
        case Bytes(mask):
            return frozenset({(mask,)}) if _is_single(mask) else _NONE
        case Fence():
            return _NONE
        case Choice(options):
            sets = [required(option) for option in options]
            return _NONE.union(*sets) if all(sets) else _NONE
        case Repeat(item, low, _):
            return _repeated(item, low) if low else _NONE
        case Row(parts):
            return _best_of(parts)


def _is_single(mask: int) -> bool:
    """Tell whether a set is one byte, or one letter in both cases."""
    low = (mask & -mask).bit_length() - 1
    if mask.bit_count() == 1:
        return True
    return bytes((low,)).isalpha() and mask == (1 << low) | (1 << (low | _CASE))


def _repeated(item: Node, low: int) -> Literals:
    inner = required(item)
    if isinstance(item, Bytes):
        return frozenset(one * low for one in inner)
    return inner


def _best_of(parts: Sequence[Node]) -> Literals:
    """Return the best of a row: the longest run of single bytes, or a part's own set."""
    best = _NONE
    run: Literal = ()
    for part in parts:
        if isinstance(part, Fence):
            continue
        own = required(part)
        fixed = isinstance(part, Bytes) or (
            isinstance(part, Repeat) and part.low == part.high and isinstance(part.item, Bytes)
        )
        run = run + next(iter(own)) if fixed and own else ()
        best = max(best, frozenset({run}) if run else own, key=_worth)
    return best


def _worth(literals: Literals) -> tuple[int, int]:
    return _shortest(literals), -len(literals)


def _shortest(literals: Literals) -> int:
    return min(map(len, literals), default=0)


def _spelled(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _byte_class(mask: int) -> str:
    spelled = _spelled(bytes(byte for byte in range(256) if mask >> byte & 1))
    return f"[{spelled}]" if mask.bit_count() > 1 else spelled
