"""How long the texts are that an expression matches.

The confirm step looks that far to both sides of a trigger, and a stream holds at most that much
back. Fences count nothing.
"""

from __future__ import annotations

from typing import assert_never

from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, Sequence


def widest(node: Node) -> int | None:
    """Return the longest match in bytes, None if there is no bound."""
    match node:
        case Bytes():
            return 1
        case Fence():
            return 0
        case Sequence(parts):
            return _total([widest(part) for part in parts])
        case Choice(options):
            widths = [widest(option) for option in options]
            known = [width for width in widths if width is not None]
            return max(known) if len(known) == len(widths) else None
        case Repeat(item, _, high):
            width = widest(item)
            if width == 0 or high == 0:
                return 0
            return None if width is None or high is None else width * high
    assert_never(node)


def narrowest(node: Node) -> int:
    """Return the shortest match in bytes."""
    match node:
        case Bytes():
            return 1
        case Fence():
            return 0
        case Sequence(parts):
            return sum(narrowest(part) for part in parts)
        case Choice(options):
            return min(narrowest(option) for option in options)
        case Repeat(item, low, _):
            return narrowest(item) * low
    assert_never(node)


def _total(widths: list[int | None]) -> int | None:
    total = 0
    for width in widths:
        if width is None:
            return None
        total += width
    return total
