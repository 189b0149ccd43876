r"""Text to scan, with the way from its offsets back to the wire.

A value may be written with escapes: `\u0040` in JSON, `%40` in a form. It is then looked for in a
view where they are undone. Views are made by C-speed calls over the whole text; the map back is
made only for a view in which something was found.
Source: RFC 8259 section 7 (JSON strings), RFC 3986 section 2.1 (percent), URL Standard section 5
(forms: `+` is a blank).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

_UNICODE: Final = re.compile(rb"\\u[0-9a-fA-F]{4}")
_SLASH: Final = b"\x01/"  # a slash that was escaped, until the byte before it is taken out
_LONG_ESCAPE: Final = re.compile(rb"\\u[0-9a-fA-F]{4}|\x01/")
_MOST_BACKSLASHES: Final = 16  # before one escape: JSON in four JSON strings, or five
LONGEST_ESCAPE: Final = _MOST_BACKSLASHES + len("u0040")  # bytes
_TOO_DEEP: Final = b"\\" * (_MOST_BACKSLASHES + 1)
# Escapes of escapes. A run of backslashes is looked at once, from its first on.
_DEEP_ESCAPE: Final = re.compile(
    rb"\\(?<!\\\\)\\{1,%d}+(?:u[0-9a-fA-F]{4}|/)" % (_MOST_BACKSLASHES - 1)
)
_PERCENT: Final = re.compile(rb"%[0-9a-fA-F]{2}")
_FORM_VALUE: Final = re.compile(rb"=[0-9A-Za-z%.\-]{1,64}\+[0-9A-Za-z]")
_FEW: Final = 16  # different escapes; up to here one pass each is cheaper than a call for each
_NO_TEXT: Final = b"\x80"  # stands for a character outside ASCII: no detector has one, no word does

# JSON's short escapes, as two bytes each, so that offsets stay true: `\n4111` then has its word
# boundary, and a quote still is one. The commonest first: each pass is the faster, the fewer
# backslashes are left (200 KiB dense with them: 240 us; without: 3 us).
_SAME_LENGTH: Final = (
    (rb"\"", b' "'),
    (rb"\/", _SLASH),
    (rb"\n", b"\n\n"),
    (rb"\t", b"\t\t"),
    (rb"\r", b"\r\r"),
    (rb"\b", b"  "),
    (rb"\f", b"  "),
)


class Edit(NamedTuple):
    """An escape of `size` bytes that became one byte; `start` is where it stands in the source."""

    start: int
    size: int


class Segment:
    """One view of a text; owned by one scan. `text` is what to scan."""

    __slots__ = ("_at", "_escape", "_shift", "_source", "text")

    def __init__(
        self,
        text: bytes,
        *,
        source: Segment | None = None,
        escape: re.Pattern[bytes] | None = None,
    ) -> None:
        """`escape` finds in the text of `source` what became one byte here; None: same length."""
        self.text = text
        self._source = source
        self._escape = escape
        self._at: list[int] = []
        self._shift: list[int] = []

    def to_wire(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the wire that [start, end) of `text` was made from.

        An escape is taken whole. The first call costs a walk over all escapes of the view.
        """
        if self._source is None:
            return start, end
        if self._escape is None:
            return self._source.to_wire(start, end)
        if not self._at:
            self._build_map(self._escape, self._source.text)
        return self._source.to_wire(self._back(start), self._back(end))

    def _build_map(self, escape: re.Pattern[bytes], source: bytes) -> None:
        shift = 0
        self._at.append(0)
        self._shift.append(0)
        for found in escape.finditer(source):
            after = found.start() - shift + 1  # offset in this view behind the byte it became
            shift += found.end() - found.start() - 1
            self._at.append(after)
            self._shift.append(shift)

    def _back(self, offset: int) -> int:
        return offset + self._shift[bisect_right(self._at, offset) - 1]


def json_views(source: Segment) -> list[Segment]:
    r"""Return the views of `source` with JSON string escapes undone; none if it has no backslash.

    The first has the same length: short escapes are blanks, and so is the first of two
    backslashes, which undoes escapes of escapes at any depth. Where `\u` or `\/` stand it serves as
    the source of a second one, shorter, that takes its place. Where more than one backslash stands
    before them, as in JSON inside a JSON string, all are undone with the escape beforehand: a blank
    would divide the value.
    """
    text = source.text
    if b"\\" not in text:
        return []
    blanked = _blanked(text)
    if not _has_long(blanked):
        return [Segment(blanked, source=source)]
    if rb"\\u" in text or rb"\\/" in text:
        text = _undo_deep(text)
        source = Segment(text, source=source, escape=_DEEP_ESCAPE)
        blanked = _blanked(text)
        if not _has_long(blanked):
            return [Segment(blanked, source=source)]
    between = Segment(blanked, source=source)
    return [Segment(_undo_long(blanked), source=between, escape=_LONG_ESCAPE)]


def percent_view(source: Segment) -> Segment | None:
    """Return the view of `source` with percent escapes undone, None if there is nothing to undo.

    Where a value of a form or query has a plus sign, `+` is a blank.
    """
    text = source.text
    escaped = b"%" in text and _PERCENT.search(text) is not None
    form = b"+" in text and _FORM_VALUE.search(text) is not None
    if not escaped and not form:
        return None
    blanked = text.replace(b"+", b" ") if form else text
    if not escaped:
        return Segment(blanked, source=source)
    return Segment(_undo(blanked, _PERCENT, 1), source=source, escape=_PERCENT)


def _blanked(text: bytes) -> bytes:
    text = text.replace(b"\\\\", b" \\")
    for escape, same_length in _SAME_LENGTH:
        if b"\\" not in text:
            break
        text = text.replace(escape, same_length)
    return text


def _has_long(blanked: bytes) -> bool:
    return _SLASH in blanked or (b"\\" in blanked and _UNICODE.search(blanked) is not None)


def _undo_deep(text: bytes) -> bytes:
    """Replace each escape of an escape by one byte; a backslash by a blank, as it escapes nothing.

    The longest first: it ends like the shorter ones. One pass for each would go wrong in a run of
    too many backslashes, where the same bytes may stand and be no escape.
    """
    table = {one: _deep_byte(one) for one in set(_DEEP_ESCAPE.findall(text))}
    if len(table) > _FEW or _TOO_DEEP in text:
        return _DEEP_ESCAPE.sub(lambda found: table[found[0]], text)
    for one in sorted(table, key=len, reverse=True):
        text = text.replace(one, table[one])
    return text


def _deep_byte(escape: bytes) -> bytes:
    if escape.endswith(b"/"):
        return b"/"
    byte = _byte(escape, len(escape) - 4)
    return b" " if byte == b"\\" else byte


def _undo_long(text: bytes) -> bytes:
    return _undo(text.replace(_SLASH, b"/"), _UNICODE, 2)


def _undo(text: bytes, escape: re.Pattern[bytes], skip: int) -> bytes:
    """Replace each escape by one byte; its hex digits begin `skip` bytes in.

    Each is replaced on its own: what two of them make together is not an escape again.
    """
    different = set(escape.findall(text))
    if len(different) > _FEW or any(_byte(one, skip) in b"\\%" for one in different):
        table = {one: _byte(one, skip) for one in different}
        return escape.sub(lambda found: table[found[0]], text)
    for one in different:
        text = text.replace(one, _byte(one, skip))
    return text


def _byte(escape: bytes, skip: int) -> bytes:
    number = int(escape[skip:], 16)
    return bytes((number,)) if number < 128 else _NO_TEXT
