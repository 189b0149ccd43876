"""Payment card numbers of all schemes, in the forms people write them.

Prefixes and lengths: ISO/IEC 7812-1 and what the schemes publish for merchants. The last digit is
Luhn's (ISO/IEC 7812-1 annex B).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from weirline.specimen.randomness import DIGITS, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Prefixes from `first` to `last`, and the lengths issued with them."""

    first: int
    last: int
    lengths: tuple[int, ...] = (16,)


_SCHEMES: Final = (
    _Scheme(4000, 4999),  # Visa
    _Scheme(4000, 4999, (13, 19)),
    _Scheme(5100, 5599),  # Mastercard
    _Scheme(2221, 2720),  # Mastercard 2-series
    _Scheme(3400, 3499, (15,)),  # American Express
    _Scheme(3700, 3799, (15,)),
    _Scheme(6011, 6011, (16, 19)),  # Discover
    _Scheme(6440, 6599, (16, 19)),
    _Scheme(3000, 3059, (14, 16)),  # Diners Club
    _Scheme(3600, 3699, (14, 19)),
    _Scheme(3800, 3999, (14, 16)),
    _Scheme(3528, 3589, (16, 19)),  # JCB
    _Scheme(2131, 2131, (15,)),
    _Scheme(1800, 1800, (15,)),
    _Scheme(6200, 6299, (16, 17, 18, 19)),  # UnionPay
    _Scheme(5018, 5018, (12, 13, 16, 19)),  # Maestro
    _Scheme(6759, 6763, (13, 16, 18)),
    _Scheme(6304, 6304, (12, 16)),
    _Scheme(2200, 2204),  # Mir
    _Scheme(5080, 5089),  # RuPay
    _Scheme(6521, 6521),
    _Scheme(9792, 9792),  # Troy
    _Scheme(5060, 5060),  # Verve
)
_FOUR_BY_FOUR: Final = (4, 4, 4, 4, 3)
_GROUPS: Final = {14: (4, 6, 4), 15: (4, 6, 5)}  # Diners Club, American Express
_SEPARATORS: Final = (b"", b"", b" ", b"-")
_TWELVE: Final = (b"5612", b"5790", b"5833", b"6390", b"0604", b"5018", b"6304")  # Maestro
_NO_SCHEME: Final = (b"1234", b"7000", b"9999", b"0000")


def valid(rng: Randomness) -> bytes:
    """Return a number of some scheme, plain or in groups."""
    return _written(rng, _number(rng))


def broken(rng: Randomness) -> bytes:
    """Return digits that are no card: check digit, length or prefix is wrong."""
    match rng.randrange(4):
        case 0:
            number = _number(rng)
            wrong = (number[-1] - DIGITS[0] + rng.randrange(1, 10)) % 10
            return number[:-1] + b"%d" % wrong  # in groups, its start could be a card
        case 1:
            prefix = one_of(rng, _NO_SCHEME)
            return _written(rng, with_check_digit(prefix + letters(rng, DIGITS, 11)))
        case 2:  # eleven digits: shorter than any card
            return with_check_digit(b"4" + letters(rng, DIGITS, 9))
        case _:  # a fraction
            return b"0." + _number(rng)


def with_check_digit(payload: bytes) -> bytes:
    """Return the digits of `payload` with Luhn's digit behind them."""
    total = 0
    for place, byte in enumerate(reversed(payload)):
        value = byte - DIGITS[0]
        if place % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return payload + b"%d" % (-total % 10)


def _number(rng: Randomness) -> bytes:
    scheme = one_of(rng, _SCHEMES)
    prefix = b"%d" % rng.randrange(scheme.first, scheme.last + 1)
    length = one_of(rng, scheme.lengths)
    return with_check_digit(prefix + letters(rng, DIGITS, length - len(prefix) - 1))


def _written(rng: Randomness, number: bytes) -> bytes:
    separator = one_of(rng, _SEPARATORS)
    if not separator or len(number) < 13:  # nobody groups twelve digits
        return number
    groups: list[bytes] = []
    for size in _GROUPS.get(len(number), _FOUR_BY_FOUR):
        groups.append(number[:size])
        number = number[size:]
    return separator.join(group for group in groups if group)


def short(rng: Randomness) -> bytes:
    """Return a number of twelve digits."""
    return with_check_digit(one_of(rng, _TWELVE) + letters(rng, DIGITS, 7))


def broken_short(rng: Randomness) -> bytes:
    """Return twelve digits with a wrong check digit, or eleven."""
    number = short(rng)
    if rng.randrange(3) == 0:
        return number[:-1]
    return number[:-1] + b"%d" % ((number[-1] - DIGITS[0] + rng.randrange(1, 10)) % 10)


PAYMENT_CARD_SHORT: Final = Specimen("payment_card_short", "card_number", short, broken_short)
PAYMENT_CARD: Final = Specimen("payment_card", "card_number", valid, broken)
