"""US social security numbers that may have been assigned, and such as never were.

Source: Social Security Administration, "SSN randomization": area not 000, 666 or from 900 on; group
not 00; serial not 0000.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import Randomness, one_of
from weirline.specimen.specimen import Specimen

_SEPARATORS: Final = (b"-", b"-", b" ", b".")


def valid(rng: Randomness) -> bytes:
    """Return a number in the three groups of the card."""
    return one_of(rng, _SEPARATORS).join(_groups(rng))


def broken(rng: Randomness) -> bytes:
    """Return groups that are no such number: an unassigned one, or uneven groups."""
    area, group, serial = _groups(rng)
    match rng.randrange(4):
        case 0:
            area = one_of(rng, (b"000", b"666", b"%03d" % rng.randrange(900, 1000)))
        case 1:
            group = b"00"
        case 2:
            serial = b"0000"
        case _:
            serial = serial[:3]
    return one_of(rng, _SEPARATORS).join((area, group, serial))


def valid_digits(rng: Randomness) -> bytes:
    """Return a number as nine digits in a row."""
    return b"".join(_groups(rng))


def broken_digits(rng: Randomness) -> bytes:
    """Return digits in a row that are no such number."""
    return broken(rng).translate(None, b"- .")


def _groups(rng: Randomness) -> tuple[bytes, bytes, bytes]:
    area = 666
    while area == 666:
        area = rng.randrange(1, 900)
    return b"%03d" % area, b"%02d" % rng.randrange(10, 100), b"%04d" % rng.randrange(10, 10000)


US_SSN: Final = Specimen("us_ssn", "ssn", valid, broken)
US_SSN_UNFORMATTED: Final = Specimen(
    "us_ssn_unformatted", "ssn", valid_digits, broken_digits, needs_key=True
)
