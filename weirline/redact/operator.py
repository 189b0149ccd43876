"""What takes a value's place where it is not a mask: a hash of it, a fixed text, nothing.

A hash is as long as the value, so it goes wherever a mask goes. A text and nothing change the
length, so they need a body that is seen whole; elsewhere a full mask stands in, never the value.
A bare JSON number becomes null, so that the document still parses. Source: RFC 2104; RFC 8259.
"""

from __future__ import annotations

import hashlib
import hmac

from weirline.policy.decision import KeyedHash, Mask, Operator, Remove, Replace, Tokenise
from weirline.redact.character import SEPARATORS, begun_before, is_plain
from weirline.redact.mask import mask_value
from weirline.redact.number import is_bare_number

_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 section 6, lower case
_DIGITS = b"0123456789"
_WHOLE = Mask()
_NULL = b"null"


def of_same_length(text: bytes, start: int, end: int, *, operator: Operator) -> bytes:
    """Return what takes the place of `text[start:end]`, as many bytes."""
    match operator:
        case Mask():
            return mask_value(text, start, end, mask=operator)
        case KeyedHash():
            return _hash(text, start, end, key=operator.key)
        case Tokenise():
            return _stand_in(text, start, end, key=operator.key)
        case Replace() | Remove():
            return mask_value(text, start, end, mask=_WHOLE)


def of_any_length(text: bytes, start: int, end: int, *, operator: Operator) -> bytes:
    """Return what takes the place of `text[start:end]`, as long as the operator wants it."""
    match operator:
        case Replace() | Remove() if begun_before(text, start, end) or not _ends_whole(text, end):
            return mask_value(text, start, end, mask=_WHOLE)
        case Replace() | Remove() if is_bare_number(text, start, end):
            return _NULL if _is_all_of_number(text, start, end) else _masked(text, start, end)
        case Replace():
            return operator.text
        case Remove():
            return b""
        case _:
            return of_same_length(text, start, end, operator=operator)


def _masked(text: bytes, start: int, end: int) -> bytes:
    return mask_value(text, start, end, mask=_WHOLE)


def _is_all_of_number(text: bytes, start: int, end: int) -> bool:
    """Whether the digits are the number, and not the integer part of one or behind its sign."""
    before, after = text[start - 1 : start] if start else b"", text[end : end + 1]
    return before not in (b"-", b"+", b".", b"e", b"E") and after not in (b".", b"e", b"E")


def _ends_whole(text: bytes, end: int) -> bool:
    """Whether no escape or character goes on past the value."""
    return not begun_before(text, end, min(len(text), end + 6))


def _stand_in(text: bytes, start: int, end: int, *, key: bytes) -> bytes:
    # Loaded where a policy tokenises: it brings a library of several MB.
    from weirline.redact.surrogate import surrogate

    value = text[start:end]
    made = None
    if not begun_before(text, start, end) and is_plain(value):
        made = surrogate(value, key, as_number=is_bare_number(text, start, end))
    return mask_value(text, start, end, mask=_WHOLE) if made is None else made


def _hash(text: bytes, start: int, end: int, *, key: bytes) -> bytes:
    value = text[start:end]
    if begun_before(text, start, end) or not is_plain(value):
        return mask_value(text, start, end, mask=_WHOLE)
    plain = value.translate(None, SEPARATORS).lower()
    stretched = hashlib.shake_256(hmac.digest(key, plain, "sha256")).digest(len(value))
    if is_bare_number(text, start, end):
        digits = bytes(_DIGITS[byte % 10] for byte in stretched)
        return b"9" + digits[1:]  # no leading zero
    return bytes(_LETTERS[byte & 31] for byte in stretched)
