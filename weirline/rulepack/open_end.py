r"""Where a text that has not ended may still grow into a value.

One RE2 search for the prefix expressions of all streaming detectors, anchored at the end: RE2 runs
it backwards from there and gives up as soon as no value can reach that far back, so ordinary text
costs its last word. Values of `observe` detectors never wait; `from_anchor` ones do once their
literal has been seen whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from weirline.detect.detector import Detector, StreamUse
from weirline.detect.linear_regex import LinearRegex
from weirline.rulepack.expression import parse_expression
from weirline.rulepack.prefix import anchored_prefix_expression, prefix_expression

_MEM_BYTES: Final = 16 << 20  # a ceiling; RE2 needs it to accept the union at all


class OpenEnd:
    """The prefix expressions of a set of detectors, compiled. Immutable."""

    __slots__ = ("_regex", "reach")

    def __init__(self, detectors: Sequence[Detector]) -> None:
        streamed = [one for one in detectors if one.stream is not StreamUse.OBSERVE]
        prefixes = sorted({_prefix(detector) for detector in streamed})
        self.reach = max((detector.width for detector in streamed), default=0)
        self._regex = (
            LinearRegex(
                rf"(?:{'|'.join(prefixes)})\z", caseless=False, max_mem_bytes=_MEM_BYTES
            )
            if prefixes
            else None
        )

    def offset(self, data: bytes) -> int:
        """Return the least offset from which a value may go on past the end of `data`.

        `len(data)` if none can. Bytes further back than `reach`, the width of the widest detector,
        are not looked at, except to see whether a word begins there.
        """
        size = len(data)
        if self._regex is None:
            return size
        found = self._regex.find(data, max(size - self.reach, 0), size)
        return size if found is None else found[0][0]


def _prefix(detector: Detector) -> str:
    node = parse_expression(detector.pattern, caseless=detector.caseless)
    if detector.stream is StreamUse.FROM_ANCHOR:
        return anchored_prefix_expression(node)
    return prefix_expression(node)
