"""Cuts a value into characters as a reader of its text sees them.

A mask that works byte by byte breaks what it masks: half an escape sequence is no JSON, half a
UTF-8 character no text. So an escape counts as one character, whatever its bytes, and what is only
a part of a character (a value may begin or end inside one) stays as it is.
Source: RFC 8259 section 7; RFC 3986 section 2.1; RFC 3629 section 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATORS = b' -./@:\t\r\n"<>'

_HEX = rb"[0-9A-Fa-f]"
# What stays: escapes of line breaks, tabs, slashes and separators, and pieces cut off at the end.
# Backslashes may be doubled again and again where JSON stands inside JSON.
_STAYS = rb"\\+[nrt/]|\\+u" + _HEX + rb"{0,3}\Z|\\+\Z|%(?:20|2[DdEeFf]|3[Aa]|40|0[AaDd])"
_WHOLE = (
    rb"\\+u[dD][89abAB]" + _HEX + rb"{2}\\+u[dD][c-fC-F]" + _HEX + rb"{2}"
    rb"|\\+u" + _HEX + rb"{4}|\\+[bf]"
    # A quote is escaped by an odd number of backslashes; after an even one it is a bare quote.
    rb"|\\(?:\\\\)*\"|(?:\\\\)+"
    rb"|%" + _HEX + rb"{2}"
    rb"|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CHARACTER = re.compile(
    rb"(?P<stays>" + _STAYS + rb")|" + _WHOLE + rb"|(?P<cut>[\xc2-\xf4][\x80-\xbf]*\Z)|.",
    re.DOTALL,
)
_BEGUN = re.compile(
    rb"(?<=\\)\\*(?:u" + _HEX + rb"{0,4}|[\"/bfnrt])?"
    rb"|(?<=\\u)" + _HEX + rb"{1,4}"
    rb"|(?<=\\u" + _HEX + rb")" + _HEX + rb"{1,3}"
    rb"|(?<=\\u" + _HEX + rb"{2})" + _HEX + rb"{1,2}"
    rb"|(?<=\\u" + _HEX + rb"{3})" + _HEX + rb""
    rb"|(?<=%)" + _HEX + rb"{1,2}"
    rb"|(?<=%" + _HEX + rb")" + _HEX + rb""
    rb"|(?<=[\x80-\xff])[\x80-\xbf]{1,3}"
)
_LONGEST_BEGUN = 6


def characters(value: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield each character with whether it stays as it is: separators, and parts of characters."""
    for found in _CHARACTER.finditer(value):
        character = found[0]
        yield character, found.lastgroup is not None or character in SEPARATORS


def begun_before(text: bytes, start: int, end: int) -> int:
    """Return how many bytes at `start` belong to a character that began before it; 0 is usual."""
    before = text[max(0, start - _LONGEST_BEGUN) : start]
    if b"\\" not in before and b"%" not in before and before[-1:] < b"\x80":
        return 0
    found = _BEGUN.match(text, start, end)
    return 0 if found is None else found.end() - start
