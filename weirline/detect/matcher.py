"""The seam to the engine that runs over every body: expressions in, hits out.

A hit says which expression ended where, and nothing of where it began: start-of-match costs three
times the scan. Who needs the start looks for it near the end (`confirm`).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Expression(NamedTuple):
    """One expression to look for: its text, and whether letters match either case."""

    text: str
    caseless: bool


class Hits(NamedTuple):
    """What a matcher saw: (index of the expression, offset of the end), in order of the end.

    `capped` means that it stopped at the limit; the text after the last hit was not looked at.
    """

    ends: list[tuple[int, int]]
    capped: bool


class Matcher(Protocol):
    """A set of expressions, compiled. Dot matches every byte; text is bytes, never characters."""

    def hits(self, data: bytes, limit: int) -> Hits:
        """Return at most `limit` hits in `data`. Safe to use from several threads at once."""
        ...
