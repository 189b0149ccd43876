"""Charsets in which ASCII text does not look like ASCII: UTF-16, UTF-32, EBCDIC.

All others (UTF-8, ISO 8859, Windows, Shift-JIS, EUC, GB) write ASCII as itself, so their bytes are
scanned as they stand. A charset that is none of these is not guessed at: the caller counts it.
Source: RFC 2781 (UTF-16), Unicode section 2.6, WHATWG Encoding Standard (labels), IBM code pages.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from weirline.body.segment import Edit, Segment, View
from weirline.detect.finding import Step, Written

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNITS: Final = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_EBCDIC: Final = frozenset(("cp037", "cp273", "cp500", "cp875", "cp1026", "cp1140"))
_NAMED: Final = {
    "utf-16": "utf-16-le",  # as browsers take it; a mark or the bytes say it better
    "utf-32": "utf-32-le",
    "unicode": "utf-16-le",
    "ucs-2": "utf-16-le",
    "ebcdic-cp-us": "cp037",
    "ebcdic-cp-be": "cp500",
    **{f"ibm{name[2:]}": name for name in _EBCDIC},
    **{f"ibm0{name[2:]}": name for name in _EBCDIC},
}
_ASCII: Final = re.compile(
    r"utf-?8|us-ascii|ascii|ansi_x3\.4.*|iso-?8859-.*|latin.*|l[1-9]|windows-.*|cp(?:125\d|8\d\d|932"
    r"|949|950|936)|koi8-.*|mac.*|x-mac-.*|tis-620|shift[_-]jis|sjis|ms_kanji|euc-.*|gb.*|big5.*"
    r"|iso-2022-.*|ks_c_5601.*|viscii|binary"
)
_SAMPLE: Final = 64  # bytes that are looked at
_MOSTLY: Final = 0.8
_NOT_ASCII: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def charset_of(text: bytes, named: str = "") -> str | None:
    """Return the charset of `text` if ASCII is not written as itself in it, else None.

    A mark at its beginning or the look of its first bytes count more than `named`. The answer is
    a name for `charset_view`; one that this does not know comes back as it is, in lower case.
    """
    head = text[:_SAMPLE]
    for mark, charset in _MARKS:
        if head.startswith(mark):
            return charset
    if b"\0" in head and (wide := _wide(head)) is not None:
        return wide
    name = named.strip().strip("\"'").lower()
    if not name or _ASCII.fullmatch(name):
        return None
    name = _NAMED.get(name, name)
    # A wide charset without one NUL at its beginning is a wrong label on text of another one.
    return None if name in _UNITS and head.isascii() and b"\0" not in head else name


def _wide(head: bytes) -> str | None:
    """Return the charset whose ASCII has NULs where `head` has them."""
    for charset, unit, filled in (
        ("utf-32-le", 4, 0),
        ("utf-32-be", 4, 3),
        ("utf-16-le", 2, 0),
        ("utf-16-be", 2, 1),
    ):
        count = len(head) // unit
        if count < 2 or head[filled::unit].count(0) > count * (1 - _MOSTLY):
            continue
        empty = (head[at::unit] for at in range(unit) if at != filled)
        if all(column.count(0) >= count * _MOSTLY for column in empty):
            return charset
    return None


def charset_view(source: View, charset: str) -> Segment | None:
    """Return the view of `source` in UTF-8, None if it is not known how to read `charset`.

    What is no character of it becomes U+FFFD; bytes at the end that are too few are left out.
    """
    unit = _UNITS.get(charset, 1 if charset in _EBCDIC else 0)
    if not unit:
        return None
    wire = source.text
    text = wire[: len(wire) - len(wire) % unit].decode(charset, "replace").encode()

    def edits() -> Iterator[Edit]:
        position = at = 0  # in the view, and in the source
        for found in _NOT_ASCII.finditer(text):
            start, end = found.span()
            at += (start - position) * unit
            size = unit * (2 if unit == 2 and end - start == 4 else 1)
            yield Edit(start, end - start, at, size)
            position, at = end, at + size

    def encode(ascii_text: bytes) -> bytes:
        return ascii_text.decode("ascii").encode(charset)

    return Segment(
        text,
        source=source,
        step=Step(Written.CHARSET, charset),
        edits=None if text.isascii() else edits,
        scale=unit,
        encode=encode,
    )
