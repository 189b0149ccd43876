"""What the checks of national numbers have in common: digits, weighted sums, dates.

Values come with the separators people print; everything here works on what is left without them
and refuses other bytes. Sources are named where a number's own rule stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_SEPARATORS: Final = b" -./"
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NONE: Final[tuple[int, ...]] = ()


def compact(value: bytes) -> bytes:
    """Return `value` in capitals, without blanks, dashes, dots and slashes."""
    return value.translate(None, _SEPARATORS).upper()


def digits_of(value: bytes, *lengths: int) -> tuple[int, ...]:
    """Return the digits of `value`; none if it holds anything else or is of another length."""
    plain = compact(value)
    if len(plain) not in lengths or not plain.isdigit():
        return _NONE
    return tuple(byte - 48 for byte in plain)


def weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    """Return the sum of products; what is longer than the other is not looked at."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def cross_sum(digits: Sequence[int], weights: Sequence[int]) -> int:
    """Return the sum of the digits of the products."""
    products = (digit * weight for digit, weight in zip(digits, weights, strict=False))
    return sum(product // 10 + product % 10 for product in products)


def number(digits: Sequence[int]) -> int:
    """Return the number that `digits` spell; 0 for none."""
    value = 0
    for digit in digits:
        value = value * 10 + digit
    return value


def is_day(month: int, day: int) -> bool:
    """Return whether some year has that day."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def icao_sum(text: bytes, weights: Sequence[int]) -> int:
    """Return the weighted sum of digits and capitals, A counted as 10 (ICAO 9303-3 section 4.9)."""
    return weighted([int(chr(byte), 36) for byte in text], weights)
