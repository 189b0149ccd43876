r"""Where a text that has not ended may still grow into a value.

Prefix expressions, anchored at the end of the text, say it: RE2 runs them backwards from there and
gives up as soon as no value can reach that far, so ordinary text costs its last word. Counts above
one are dropped: exact expressions are too large for one automaton, and the width of a detector
bounds what may wait for it anyway. One union of still looser ones looks first; only where it
reaches far back is each detector asked on its own. Values of `observe` detectors never wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from weirline.detect.detector import Detector, StreamUse
from weirline.detect.linear_regex import LinearRegex
from weirline.rulepack.expression import Node, parse_expression
from weirline.rulepack.prefix import (
    from_value,
    leading_literal,
    loose_prefix_expression,
    loosened,
    prefix_expression,
)

_UNION_MEM_BYTES: Final = 32 << 20  # ceilings; RE2 takes what its states need
_ONE_MEM_BYTES: Final = 1 << 20
_NEAR: Final = 64  # bytes; so few may wait on a loose answer


class OpenEnd:
    """The prefix expressions of a set of detectors. Safe to use from several threads at once."""

    __slots__ = ("_made", "_streamed", "reach")

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._streamed = tuple(one for one in detectors if one.stream is not StreamUse.OBSERVE)
        self.reach = max((detector.width for detector in self._streamed), default=0)
        self._made: _Expressions | None = None  # two threads may both fill it: same value

    def prepare(self) -> None:
        """Make the expressions now: a tenth of a second for hundreds of detectors.

        Else the first text that is asked about waits for it. Raises ExpressionRefused.
        """
        self._expressions()

    def _expressions(self) -> _Expressions:
        if self._made is None:
            self._made = _expressions(self._streamed)
        return self._made

    def offset(self, data: bytes) -> int:
        """Return the least offset from which a value may go on past the end of `data`.

        `len(data)` if none can. Bytes further back than `reach`, the width of the widest detector,
        are not looked at, except to see whether a word begins there. The answer may be too early,
        never too late.
        """
        size = len(data)
        loose, far = self._expressions()
        offset = _search(loose, data, max(size - self.reach, 0))
        if size - offset <= _NEAR:
            return offset
        near = _search(loose, data, size - _NEAR)
        return min(near, *(one.offset(data) for one in far))


def _search(loose: LinearRegex | None, data: bytes, start: int) -> int:
    found = loose and loose.find(data, start, len(data))
    return found[0][0] if found else len(data)


class _OneOpenEnd:
    """The prefix expression of one detector, compiled when first asked."""

    __slots__ = ("_compiled", "_literal", "_node", "_width")

    def __init__(self, detector: Detector, node: Node) -> None:
        self._node = node
        self._literal = leading_literal(node)
        self._width = detector.width
        self._compiled: LinearRegex | None = None  # two threads may both fill it: same value

    def offset(self, data: bytes) -> int:
        """Return where a value of this detector may have begun, or the end of `data`.

        One that begins in an unfinished literal is left to the loose union: it is near the end.
        """
        size = len(data)
        low = max(size - self._width, 0)
        if self._literal and data.find(self._literal, low) < 0:
            return size
        found = self._regex().find(data, low, size)
        return found[0][0] if found else size

    def _regex(self) -> LinearRegex:
        if self._compiled is None:
            expression = prefix_expression(loosened(self._node))
            self._compiled = _anchored_at_end(expression, _ONE_MEM_BYTES)
        return self._compiled


class _Expressions(NamedTuple):
    """The union that is asked first, and the expressions of detectors that reach far back."""

    loose: LinearRegex | None
    far: tuple[_OneOpenEnd, ...]


def _expressions(detectors: Sequence[Detector]) -> _Expressions:
    streamed = [
        (one, from_value(parse_expression(one.pattern, caseless=one.caseless))) for one in detectors
    ]
    far = tuple(_OneOpenEnd(*one) for one in streamed if one[0].width > _NEAR)
    return _Expressions(_union(streamed) if streamed else None, far)


def _union(streamed: Sequence[tuple[Detector, Node]]) -> LinearRegex:
    loose = {loose_prefix_expression(node) for _, node in streamed}
    return _anchored_at_end("|".join(sorted(loose)), _UNION_MEM_BYTES)


def _anchored_at_end(expression: str, max_mem_bytes: int) -> LinearRegex:
    return LinearRegex(rf"(?:{expression})\z", caseless=False, max_mem_bytes=max_mem_bytes)
