"""The slow oracle the fast matcher is held to: the same expressions on Python's `re`.

For tests, and for nothing else: it tries every expression at every byte, and `re` backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from weirline.detect.matcher import Expression, Hits


class ReMatcher:
    """A set of expressions; one hit for each place where one begins, at its greedy end."""

    __slots__ = ("_compiled",)

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._compiled = [
            re.compile(
                b"(?=(" + text.encode("ascii") + b"))",
                re.DOTALL | (re.IGNORECASE if caseless else 0),
            )
            for text, caseless in expressions
        ]

    def hits(self, data: bytes, limit: int) -> Hits:
        """Return at most `limit` hits in `data`, in order of the end."""
        ends = sorted(
            (
                (index, found.end(1))
                for index, compiled in enumerate(self._compiled)
                for found in compiled.finditer(data)
            ),
            key=lambda hit: hit[1],
        )
        return Hits(ends[:limit], capped=len(ends) > limit)
