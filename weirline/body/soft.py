"""Digits of other scripts, full-width signs, odd blanks and dashes, and characters without width.

People and programs put them into numbers: a no-break space between groups, a full-width keyboard,
a soft hyphen where a line may break. They are read as the ASCII sign a reader sees. The expressions
of `SOFT_PLACES` say where that could matter: next to a digit, or inside a word.
Source: Unicode 14 (general category Nd, block FF00, default ignorable code points); ISO 8859-1 and
Windows-1252 for what stands alone among ASCII and can be no UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from weirline.body.escape import edits_of, undone
from weirline.body.segment import Edit, Segment, View
from weirline.detect.finding import Step, Written

_STEP: Final = Step(Written.SOFT)

# The zeros of all scripts; nine digits follow each.
_ZEROS: Final = (
    *(0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6),
    *(0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50),
    *(0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10),
    *(0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650),
    *(0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50),
    *(0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0),
)
_NOTHING: Final = (
    *(0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x2065), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF),
)
_BLANKS: Final = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_DASHES: Final = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63)
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)

_ALONE: Final = {b"\xa0": b" ", b"\xad": b"", b"\x96": b"-", b"\x97": b"-"}


def _table() -> dict[bytes, bytes]:
    digits = {zero + digit: b"%d" % digit for zero in _ZEROS for digit in range(10)}
    codes = {
        **dict.fromkeys(_NOTHING, b""),
        **dict.fromkeys(_BLANKS, b" "),
        **dict.fromkeys(_DASHES, b"-"),
        **{code: bytes((code - 0xFEE0,)) for code in _FULL_WIDTH},
        **digits,
    }
    return {chr(code).encode(): made for code, made in codes.items()}


_TABLE: Final = _table()
# Within UTF-8 these bytes never follow an ASCII one.
_LONE: Final = re.compile(rb"(?<=[ -~])[\xa0\xad\x96\x97](?=[ -~])")
_FEW: Final = 16  # different characters; up to here one pass each is cheaper than one for all

# Where a value could hold such a character: any that looks like a digit or a letter; one without
# width behind an ASCII sign; a blank or dash between digits. Somewhat too wide, to stay small.
_SHOWN: Final = (
    r"[\xd9\xdb][\xa0-\xb9]|\xdf[\x80-\x89]"
    r"|\xe0(?:[\xa5\xa7\xa9\xab\xad\xaf\xb1\xb3\xb5\xb7][\xa6-\xaf]"
    r"|[\xb9\xbb][\x90-\x99]|\xbc[\xa0-\xa9])"
    r"|\xe1[\x81\x82\x9f\xa0\xa5\xa7\xaa\xad\xae\xb1][\x80-\xbf]"
    r"|\xea(?:\x98[\xa0-\xa9]|\xa3[\x90-\x99]|\xa4[\x80-\x89]|\xa7[\x90-\xb9]"
    r"|\xa9[\x90-\x99]|\xaf[\xb0-\xb9])"
    r"|\xef(?:\xbc[\x8d\x8e\x90-\x99\xa0-\xba]|\xbd[\x81-\x9a])"
    r"|\xf0(?:[\x90\x91\x96\x9e][\x80-\xbf][\x80-\xbf]|\x9d\x9f[\x8e-\xbf]"
    r"|\x9f\xaf[\xb0-\xb9])"
)
_HIDDEN: Final = (
    r"\xc2\xad|\xcd\x8f|\xd8\x9c|\xe1\xa0\x8e|\xe2\x80[\x8b-\x8f\xaa-\xae]"
    r"|\xe2\x81[\xa0-\xa9]|\xef\xb8[\x80-\x8f]|\xef\xbb\xbf|\xad"
)
_APART: Final = (
    r"\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\x90-\x95\xaf]|\xe2\x81\x9f|\xe2\x88\x92"
    r"|\xe3\x80\x80|\xef\xb9[\x98\xa3]|[\xa0\x96\x97]"
)
SOFT_PLACES: Final = (_SHOWN, f"[ -~](?:{_HIDDEN})", f"[0-9A-Z](?:{_APART})[0-9A-Z]")


def soft_view(source: View) -> Segment | None:
    """Return the view of `source` with soft characters as ASCII, None if it has none.

    Costs about 10 ns a character of a text that is not ASCII; see `SOFT_PLACES`.
    """
    text = source.text
    if text.isascii():
        return None
    table = _present(text)
    if not table:
        return None
    if len(table) > _FEW or table.keys() & _ALONE.keys():
        return undone(source, _any_of(table), table.__getitem__, step=_STEP, unsafe=None)
    view = text
    for character, made in table.items():
        view = view.replace(character, made)

    def edits() -> Iterable[Edit]:
        return edits_of(_any_of(table), table, text)

    return Segment(view, source=source, step=_STEP, edits=edits)


def _present(text: bytes) -> dict[bytes, bytes]:
    """Return what each soft character of `text` becomes."""
    characters = {one.encode() for one in set(text.decode("utf-8", "ignore"))}
    table = {one: _TABLE[one] for one in _TABLE.keys() & characters}
    return table | {one: _ALONE[one] for one in set(_LONE.findall(text))}


def _any_of(table: dict[bytes, bytes]) -> re.Pattern[bytes]:
    """Return an expression for the characters of `table`; those of one byte stand among ASCII."""
    whole = b"|".join(re.escape(one) for one in sorted(table) if len(one) > 1)
    lone = _LONE.pattern if table.keys() & _ALONE.keys() else b""
    return re.compile(b"(" + b"|".join(filter(None, (whole, lone))) + b")")
