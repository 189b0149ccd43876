"""The Luhn check digit, as cards and many account numbers carry it.

It finds every single wrong digit and nearly all swapped neighbours. Source: ISO/IEC 7812-1 annex B.
"""

from __future__ import annotations

from typing import Final

_SEPARATORS: Final = b" -./"
_DOUBLED: Final = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9))
_TO_NUMBERS: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_TO_DOUBLED: Final = bytes.maketrans(b"0123456789", _DOUBLED)


def is_valid(value: bytes) -> bool:
    """Return whether the digits of `value` end in their Luhn digit; at least two are needed.

    Blanks, dashes, dots and slashes between them are skipped; any other byte makes it false.
    """
    digits = value.translate(None, _SEPARATORS)
    return len(digits) > 1 and digits.isdigit() and luhn_sum(digits) % 10 == 0


def digits_are_valid(value: bytes) -> bool:
    """Return the same for a value that has letters too, which are skipped: `LY-123456782`."""
    return is_valid(bytes(byte for byte in value if 48 <= byte <= 57))


def luhn_sum(digits: bytes) -> int:
    """Return the Luhn sum of ASCII digits, the last one counted once."""
    return sum(digits[::-2].translate(_TO_NUMBERS)) + sum(digits[-2::-2].translate(_TO_DOUBLED))
