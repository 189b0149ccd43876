"""Cuts a stream of server-sent events, or of lines of JSON, into its parts.

An event ends with an empty line, however lines end; a line with its line feed. The end of a line
may be divided between chunks: what is left of it then counts as an empty part, which harms nobody.
Source: HTML Living Standard section 9.2.6; the NDJSON and JSON Lines notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from weirline.body.body_format import BodyFormat

_EVENT_END: Final = re.compile(rb"(?:\r\n|\n|\r(?!\n)){2}")
_LINE_END: Final = re.compile(rb"\n")
_LONGEST_END: Final = 4
_DATA: Final = re.compile(rb"^data:[ ]?([^\r\n]*)", re.MULTILINE)


class PartReader:
    """Cuts one stream. Mutable; owned by one body. `held_bytes` wait for their end."""

    __slots__ = ("_buffer", "_end", "_looked")

    def __init__(self, format_: BodyFormat) -> None:
        """`format_` is EVENTS or LINES."""
        self._end = _EVENT_END if format_ is BodyFormat.EVENTS else _LINE_END
        self._buffer = bytearray()
        self._looked = 0  # no part ends before here

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished part are here."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the parts that `data` completes, each with its end."""
        buffer = self._buffer
        buffer += data
        at = 0
        for found in self._end.finditer(buffer, self._looked):
            yield bytes(buffer[at : found.end()])
            at = found.end()
        self._buffer = buffer[at:]
        self._looked = max(0, len(self._buffer) - _LONGEST_END)

    def rest(self) -> bytes:
        """Return the unfinished part, and forget it."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._looked = 0
        return rest


def data_spans(part: bytes, format_: BodyFormat) -> list[tuple[int, int]]:
    """Return where in a part its data stands: the whole of a line, each data line of an event."""
    if format_ is not BodyFormat.EVENTS:
        return [(0, len(part))]
    return [found.span(1) for found in _DATA.finditer(part)]
