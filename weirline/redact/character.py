"""Cuts a value into characters as a reader of its text sees them.

A mask that works byte by byte breaks what it masks: half an escape sequence is no JSON, half a
UTF-8 character no text. So an escape counts as one character, whatever its bytes, and what is only
a part of a character (a value may begin or end inside one) stays as it is.
Source: RFC 8259 section 7; RFC 3986 section 2.1; RFC 3629 section 4; HTML Standard section 13.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATORS = b" -./@:,\t\r\n\"'<>"

_HEX = rb"[0-9A-Fa-f]"
# What stays: escapes of line breaks, tabs, slashes and separators, and pieces cut off at the end.
# Backslashes may be doubled again and again where JSON stands inside JSON.
_STAYS = rb"\\+[nrt/]|\\+u" + _HEX + rb"{0,3}\Z|\\+\Z|%(?:25)*(?:20|2[DdEeFf]|3[Aa]|40|0[AaDd])"
_WHOLE = (
    rb"\\+u[dD][89abAB]" + _HEX + rb"{2}\\+u[dD][c-fC-F]" + _HEX + rb"{2}"
    rb"|\\+u" + _HEX + rb"{4}|\\+[bf]"
    # A quote is escaped by an odd number of backslashes; after an even one it is a bare quote.
    rb"|\\(?:\\\\)*\"|(?:\\\\)+"
    # Percent escapes of percent escapes are one character, too.
    rb"|%(?:25)*(?:" + _HEX + rb"{2}|u" + _HEX + rb"{4})"
    rb"|&(?:#[0-9]{1,9}|#[xX]" + _HEX + rb"{1,8}|[A-Za-z][0-9A-Za-z]{1,21});"
    rb"|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ONE = rb"(?P<stays>" + _STAYS + rb")|" + _WHOLE + rb"|(?P<cut>[\xc2-\xf4][\x80-\xbf]*\Z)|."
_CHARACTER = re.compile(_ONE, re.DOTALL)
_CHARACTER_OR_RUN = re.compile(rb"(?P<run>[^\\%&\x80-\xff]+)|" + _ONE, re.DOTALL)
_NOT_PLAIN = re.compile(rb"[\\%&\x80-\xff]")
_STARS = bytes(code if code in SEPARATORS else ord("*") for code in range(256))
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


def hide(value: bytes) -> bytes:
    """Return as many bytes, with every character that does not stay as asterisks.

    The fast way to what `characters` says: runs of plain bytes go in one piece.
    """
    return _CHARACTER_OR_RUN.sub(_hidden, value)


def _hidden(found: re.Match[bytes]) -> bytes:
    if found.lastgroup == "run":
        return found[0].translate(_STARS)
    return found[0] if found.lastgroup is not None else b"*" * len(found[0])


def is_plain(value: bytes) -> bool:
    """Say whether every byte of `value` is a character of its own."""
    return _NOT_PLAIN.search(value) is None


def begun_before(text: bytes, start: int, end: int) -> int:
    """Return how many bytes at `start` belong to a character that began before it; 0 is usual."""
    before = text[max(0, start - _LONGEST_BEGUN) : start]
    if b"\\" not in before and b"%" not in before and before[-1:] < b"\x80":
        return 0
    found = _BEGUN.match(text, start, end)
    return 0 if found is None else found.end() - start
