"""Payment card numbers: a scheme's prefix, a length that scheme uses, and the Luhn digit.

Prefixes and lengths as the schemes publish them for merchants (Visa, Mastercard including the
2-series, American Express, Discover, Diners Club, JCB, UnionPay, Maestro, Mir, RuPay, Verve, Troy,
Elo, Hipercard, InstaPayment, Switch, Uzcard, Humo); the frame is ISO/IEC 7812-1. Luhn is asked of
UnionPay as well: nearly all its cards have it.
A random order number that begins like a card passes one time in ten: arithmetic cannot tell.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.luhn import luhn_sum

_SEPARATORS: Final = b" -"

# First and last prefix of a range, then the lengths in use.
_SCHEMES: Final = (
    (4, 4, (13, 16, 19)),  # Visa
    (51, 55, (16,)),  # Mastercard
    (2221, 2720, (16,)),  # Mastercard 2-series
    (34, 34, (15,)),  # American Express
    (37, 37, (15,)),
    (6011, 6011, (16, 17, 18, 19)),  # Discover
    (644, 649, (16, 17, 18, 19)),
    (65, 65, (16, 17, 18, 19)),  # Discover, RuPay, Troy, Elo, Verve
    (300, 305, (14, 16, 17, 18, 19)),  # Diners Club International
    (3095, 3095, (14, 16, 17, 18, 19)),
    (309, 309, (14,)),
    (36, 36, (14, 15, 16, 17, 18, 19)),
    (38, 39, (14, 16, 17, 18, 19)),
    (3528, 3589, (16, 17, 18, 19)),  # JCB
    (35, 35, (16,)),  # its neighbours, as older tables and test numbers have them
    (2131, 2131, (15,)),
    (1800, 1800, (15,)),
    (62, 62, (16, 17, 18, 19)),  # UnionPay
    (81, 81, (16, 17, 18, 19)),  # UnionPay, RuPay
    (2200, 2204, (16, 17, 18, 19)),  # Mir
    (2205, 2205, (16,)),  # Armenian ARCA
    (50, 50, (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro, RuPay 508, Verve 506
    (56, 58, (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    (60, 60, (16,)),  # RuPay
    (6062, 6062, (13, 16, 19)),  # Hipercard
    (3841, 3841, (16, 19)),
    (6304, 6304, (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    (639, 639, (12, 13, 14, 15, 16, 17, 18, 19)),
    (67, 67, (12, 13, 14, 15, 16, 17, 18, 19)),
    (82, 82, (16,)),  # RuPay
    (353, 353, (16,)),  # RuPay with JCB
    (356, 356, (16,)),
    (636, 636, (16, 17, 18, 19)),  # Elo, InterPayment
    (637, 638, (16,)),  # Hipercard, InstaPayment
    (633, 633, (16, 18, 19)),  # Switch, Solo
    (8600, 8600, (16,)),  # Uzcard
    (9860, 9860, (16,)),  # Humo
    (9792, 9792, (16,)),  # Troy
)

_LEADING_ZERO: Final = b"0604"  # Maestro


def _by_prefix() -> dict[bytes, frozenset[int]]:
    table: dict[bytes, frozenset[int]] = {}
    for first, last, lengths in _SCHEMES:
        for prefix in range(first, last + 1):
            key = b"%d" % prefix
            table[key] = table.get(key, frozenset()) | frozenset(lengths)
    table[_LEADING_ZERO] = frozenset({12})
    return table


_LENGTHS_BY_PREFIX: Final = _by_prefix()


def is_valid(value: bytes) -> bool:
    """Return whether `value` is 12 to 19 digits of a known scheme with the right Luhn digit.

    Blanks and dashes are skipped. One digit repeated throughout is no card.
    """
    digits = value.translate(None, _SEPARATORS)
    length = len(digits)
    if not 12 <= length <= 19 or not digits.isdigit() or luhn_sum(digits) % 10:
        return False
    if digits == digits[:1] * length:
        return False
    return any(length in _LENGTHS_BY_PREFIX.get(digits[:size], ()) for size in (1, 2, 3, 4))


def lengths_by_beginning() -> bytes:
    """Return a byte for each beginning of four digits: bit n for numbers of 12 + n digits."""
    table = bytearray(10_000)
    for prefix, lengths in _LENGTHS_BY_PREFIX.items():
        mask = sum(1 << (length - 12) for length in lengths)
        room = 10 ** (4 - len(prefix))
        for beginning in range(int(prefix) * room, (int(prefix) + 1) * room):
            table[beginning] |= mask
    return bytes(table)
