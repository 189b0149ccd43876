"""Telephone numbers as the countries write them, and runs of digits that are none.

Source: ITU-T E.164 and the national plans: North America (NANP: area and exchange begin with 2 to
9), and for the others one range in use each, of the length the plan gives. Nobody is dialled.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.phone import is_valid
from weirline.specimen.randomness import DIGITS, Randomness, digits, letters, one_of
from weirline.specimen.specimen import Specimen

# A `2` is a digit from 2 to 9, a `9` any digit; all else stands for itself.
_STRONG: Final = (
    "+1-299-299-9999", "+1 299 299 9999", "+1299 2999999", "001-299-299-9999x999",
    "(299) 299-9999",
    "(299)299-9999", "299-299-9999", "299.299.9999", "1-299-299-9999", "299-299-9999 ext. 999",
    "+44 20 7999 9999", "+4477 0090 0999", "+44(0)151 496 0999", "+33 1 42 99 99 99",
    "+49 30 299999",
    "+49 (0) 3943 299999", "+34 912 999 999", "+39 06 6999 9999", "+31 20 799 9999",
    "+41 44 999 99 99",
    "+46 8 999 99 99", "+48 22 999 99 99", "+61 2 9999 9999", "+81 3-3999-9999", "+91 98999 99999",
    "+55 11 99999-9999", "+27 21 999 9999", "+358 40 999 9999",
)  # fmt: skip
_GROUPED: Final = (
    "(0151) 496 0999", "077 4747 9999", "020 7946 0999", "01 42 99 99 99", "01.42.99.99.99",
    "(03943) 299999", "03943/299999", "0660 199 99 99", "044 999 99 99", "06-12999999",
    "(02) 9999 9999", "(11) 2999-9999", "299 299 9999", "084 199 9999", "0471 29 99 99",
)  # fmt: skip
_NAMED: Final = (
    "2992999999", "612 999 999", "+15552999999", "0142999999", "602 999 999", "0151 4960999",
    "2229999",
    "412 9999", "071234567", "20-12-99-99",
)  # fmt: skip
_LABELLED: Final = (
    "612 999 999", "0142999999", "602 999 999", "20-12-99-99", "2992999999", "0660199999",
)  # fmt: skip


def valid(rng: Randomness) -> bytes:
    """Return a number with its calling code, or in the groups of North America."""
    return _drawn(rng, _STRONG)


def broken(rng: Randomness) -> bytes:
    """Return digits in groups that no plan has: a wrong exchange, a calling code nobody has."""
    match rng.randrange(4):
        case 0:
            return b"1" + digits(rng, 2) + b"-" + digits(rng, 3) + b"-" + digits(rng, 4)
        case 1:
            return b"+999 " + digits(rng, 3) + b" " + digits(rng, 3)
        case 2:
            return b"%d-%02d-%02d" % (_year(rng), rng.randrange(1, 13), rng.randrange(1, 29))
        case _:
            return digits(rng, 3) + b"-" + digits(rng, 2)


def valid_grouped(rng: Randomness) -> bytes:
    """Return a number in the groups of its country, without calling code."""
    return _drawn(rng, _GROUPED)


def broken_grouped(rng: Randomness) -> bytes:
    """Return a day, a fraction, or groups that are too short."""
    match rng.randrange(3):
        case 0:
            return b"0%d.%02d.%d" % (rng.randrange(1, 10), rng.randrange(1, 13), _year(rng))
        case 1:
            return b"0." + digits(rng, 9)
        case _:
            return b"0%d-%02d" % (rng.randrange(1, 10), rng.randrange(100))


def valid_named(rng: Randomness) -> bytes:
    """Return a number in a form that only its name tells."""
    return _drawn(rng, _NAMED)


def valid_labelled(rng: Randomness) -> bytes:
    """Return a number in a form that only the word before it tells."""
    return _drawn(rng, _LABELLED)


def broken_named(rng: Randomness) -> bytes:
    """Return a day, an address of a host, or digits that are too few or too many."""
    match rng.randrange(4):
        case 0:
            return b"%d-%02d-%02d" % (_year(rng), rng.randrange(1, 13), rng.randrange(1, 29))
        case 1:
            return b".".join(b"%d" % rng.randrange(100, 200) for _ in range(4))
        case 2:
            return digits(rng, 5)
        case _:
            return digits(rng, 20)


def _drawn(rng: Randomness, forms: tuple[str, ...]) -> bytes:
    while True:
        number = b"".join(_sign(rng, sign) for sign in one_of(rng, forms))
        if is_valid(number):
            return number


def _sign(rng: Randomness, sign: str) -> bytes:
    if sign == "9":
        return letters(rng, DIGITS, 1)
    return letters(rng, DIGITS[2:], 1) if sign == "2" else sign.encode()


def _year(rng: Randomness) -> int:
    return rng.randrange(1950, 2030)


PHONE_KINDS: Final = (
    Specimen("phone_number_labelled", "phone", valid_labelled, broken_named, needs_key=True),
    Specimen("phone_number", "phone", valid, broken),
    Specimen("phone_number_national", "telephone", valid_grouped, broken_grouped),
    Specimen("phone_number_named", "landline", valid_named, broken_named, needs_key=True),
)
