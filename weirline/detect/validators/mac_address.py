"""Addresses of network cards: six bytes in base 16, in pairs or in three groups of four.

All zeros and all ones name nobody. Three groups of digits alone are some other number.
Source: IEEE 802-2014 section 8, EUI-48.
"""

from __future__ import annotations

from typing import Final

_NOBODY: Final = frozenset({b"0" * 12, b"f" * 12})


def is_valid(value: bytes) -> bool:
    """Return whether `value` is twelve digits of base 16 that name a card."""
    digits = value.translate(None, b":-.").lower()
    if len(digits) != 12 or digits in _NOBODY:
        return False
    return b"." not in value or not digits.isdigit()
