"""Masks one value without changing the length of the text around it.

The same length keeps content-length, chunk sizes and every offset true, and lets a stream be masked
in flight. It refuses to break what it masks: a bare JSON number becomes digits (see `number`),
anything else asterisks, a whole character at a time (see `character`), with separators and line
breaks kept so that a reader still sees what kind of thing stood there.
"""

from __future__ import annotations

from weirline.policy.decision import Mask
from weirline.redact.character import SEPARATORS, begun_before, characters, hide, is_plain
from weirline.redact.number import is_bare_number, mask_number

HIDDEN_MIN = 4  # characters that must be hidden at least, or nothing of the value is kept
HIDDEN_SHARE = 3  # and at least one in so many


def mask_value(text: bytes, start: int, end: int, *, mask: Mask) -> bytes:
    """Return what takes the place of `text[start:end]`: as many bytes, nothing of it readable.

    As many characters as `mask` says stay at either end, not counting separators. Where fewer than
    four characters, or fewer than a third of them, would be hidden, none stays. The result differs
    from the value unless that holds separators only.
    """
    value = text[start:end]
    if is_bare_number(text, start, end):
        first, last = _hidden(len(value), mask)
        return mask_number(value, first, last)
    begun = begun_before(text, start, end)
    if begun:
        return value[:begun] + _mask_characters(value[begun:], mask)
    return _mask_characters(value, mask)


def _mask_characters(value: bytes, mask: Mask) -> bytes:
    if not mask.keep_first and not mask.keep_last:
        return hide(value)
    if is_plain(value):
        return _mask_plain(value, mask)
    parts = list(characters(value))
    first, last = _hidden(sum(not stays for _, stays in parts), mask)
    masked: list[bytes] = []
    position = 0
    for character, stays in parts:
        if stays:
            masked.append(character)
            continue
        hidden = first <= position < last
        masked.append(b"*" * len(character) if hidden else character)
        position += 1
    return b"".join(masked)


def _mask_plain(value: bytes, mask: Mask) -> bytes:
    """The usual case of a value that keeps some characters: looks only at those."""
    length = len(value.translate(None, SEPARATORS))
    first, last = _hidden(length, mask)
    begin = _bytes_of(value, first)
    end = len(value) - _bytes_of(value[::-1], length - last)
    return value[:begin] + hide(value[begin:end]) + value[end:]


def _bytes_of(value: bytes, count: int) -> int:
    """How many bytes the first `count` characters take, with the separators between them."""
    if not count:
        return 0
    for position, code in enumerate(value):
        count -= code not in SEPARATORS
        if not count:
            return position + 1
    return len(value)


def _hidden(length: int, mask: Mask) -> tuple[int, int]:
    """The half-open range of characters to hide of a value of so many."""
    hidden = length - mask.keep_first - mask.keep_last
    if hidden < HIDDEN_MIN or hidden * HIDDEN_SHARE < length:
        return 0, length
    return mask.keep_first, length - mask.keep_last
