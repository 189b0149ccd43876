"""Tells a bare JSON number from digits in text, by the bytes next to it, and masks it with digits.

An asterisk in place of a digit would make the whole document unreadable, so digits become 9, and
the last one 8 or 7 where the result would pass the check digit of a card or change nothing. Where
the bytes allow both readings (digits between commas are CSV or a JSON array) it counts as JSON:
masked text reads a little worse, a broken document not at all.
Source: RFC 8259 sections 2, 5 and 6.
"""

from __future__ import annotations

import re

from weirline.detect.validators import luhn

_WINDOW = 64
_NUMBER_BYTES = b"0123456789.eE+-"
_SPACE = b" \t\r\n"
_RECORD_SEPARATOR = b"\x1e"  # RFC 7464 section 2.2
_BEFORE_COMMA = (b'"', b"]", b"}", b"true", b"false", b"null", *(b"%d" % d for d in range(10)))
_AFTER = re.compile(rb"[\]}]|\Z|,[ \t\r\n]*(?:[-\"0-9{\[]|true|false|null|\Z)")


def is_bare_number(text: bytes, start: int, end: int) -> bool:
    """Say whether the digits in `text[start:end]` are, or belong to, a JSON number."""
    if not text[start:end].isdigit():
        return False
    after = text[end : end + _WINDOW].lstrip(_NUMBER_BYTES).lstrip(_SPACE)
    if not _AFTER.match(after):
        return False
    window = text[max(0, start - _WINDOW) : start]
    before = window.rstrip(_NUMBER_BYTES).rstrip(_SPACE)
    if not before:
        return start > _WINDOW or not after
    if before.endswith((b"[", _RECORD_SEPARATOR)):
        return True
    rest = before[:-1].rstrip(_SPACE)
    if before.endswith(b":"):
        return not rest or rest.endswith(b'"')
    return before.endswith(b",") and (not rest or rest.endswith(_BEFORE_COMMA))


def mask_number(digits: bytes, first: int, last: int) -> bytes:
    """Return as many digits, those from `first` to `last` (half open, not empty) replaced."""
    for final in b"987":
        masked = digits[:first] + b"9" * (last - first - 1) + bytes((final,)) + digits[last:]
        if masked != digits and not luhn.is_valid(masked):
            return masked
    return masked
