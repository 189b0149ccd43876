r"""RE2 over bytes, with what detection needs of it and no more.

Texts are an attacker's, so every expression that sees them runs in linear time. The window given to
a search limits the match, while `\b`, `^` and `$` still see the bytes around it.
Source: google-re2 (the binding of github.com/google/re2 for Python), re2.h.
"""

from __future__ import annotations

from typing import Final

import re2

from weirline.errors import WeirlineError

Span = tuple[int, int]

# The extension under the package: no process-wide cache that would keep the patterns of replaced
# policies alive, and 2 us a search where the `re`-like wrapper above it takes 5.
_native = re2._re2  # noqa: SLF001

_NOT_FOUND: Final = (-1, -1)
_ANYWHERE: Final = _native.RE2.Anchor.UNANCHORED
_AT_START: Final = _native.RE2.Anchor.ANCHOR_START


class ExpressionRefused(WeirlineError):
    """RE2 does not take an expression, or it needs more memory than it may have."""

    def __init__(self) -> None:
        super().__init__("RE2 refuses the expression")


class LinearRegex:
    """A compiled RE2 expression: Latin-1, dot matches all, the longest match counts.

    `max_mem_bytes` bounds program and automaton; over it RE2 falls back to a slower, still linear
    engine, or refuses to compile (ExpressionRefused). Safe to use from several threads at once.
    """

    __slots__ = ("_group", "_match")

    def __init__(self, pattern: str, *, caseless: bool, max_mem_bytes: int) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.longest_match = True
        options.dot_nl = True
        options.log_errors = False
        options.case_sensitive = not caseless
        options.max_mem = max_mem_bytes
        compiled = _native.RE2(pattern.encode("latin-1"), options)
        if not compiled.ok():
            raise ExpressionRefused
        self._group = dict(compiled.NamedCapturingGroups()).get(b"v", 0)
        self._match = compiled.Match

    def find(self, data: bytes, start: int, end: int) -> tuple[Span, Span] | None:
        """Return the leftmost match within [start, end) and the span of its group `v`.

        The second span is the first one where the expression has no group of that name.
        """
        spans = self._match(_ANYWHERE, data, start, end)
        return None if spans[0] == _NOT_FOUND else self._both(spans)

    def find_at(self, data: bytes, start: int, end: int) -> tuple[Span, Span] | None:
        """Return the longest match that begins at `start` and ends by `end`, as `find` does."""
        spans = self._match(_AT_START, data, start, end)
        return None if spans[0] == _NOT_FOUND else self._both(spans)

    def _both(self, spans: list[Span]) -> tuple[Span, Span]:
        whole, value = spans[0], spans[self._group]
        return (whole, whole) if value == _NOT_FOUND else (whole, value)
