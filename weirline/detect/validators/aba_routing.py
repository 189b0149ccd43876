"""Routing numbers of banks in the United States: district, and a check digit weighted 3, 7, 1.

Source: American Bankers Association, "Routing Number Policy"; Federal Reserve, E-Payments routing.
"""

from __future__ import annotations

from typing import Final

_WEIGHTS: Final = (3, 7, 1) * 3
# First two digits: Federal Reserve districts, thrift institutions, electronic, traveller's cheques.
_DISTRICTS: Final = frozenset((*range(13), *range(21, 33), *range(61, 73), 80))


def is_valid(value: bytes) -> bool:
    """Return whether `value` is nine digits of a district with the right check digit."""
    digits = value.translate(None, b" -")
    if len(digits) != 9 or not digits.isdigit() or digits[:2] == b"00":
        return False
    total = sum((byte - 48) * weight for byte, weight in zip(digits, _WEIGHTS, strict=True))
    return total % 10 == 0 and int(digits[:2]) in _DISTRICTS
