"""Days of birth, postal codes and coordinates.

Source: ISO 8601 and the ways of writing that CLDR lists; addressing guidelines of USPS, Canada
Post, Royal Mail and the Universal Postal Union; ISO 6709 (coordinates).
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import Randomness, digits, letters, one_of
from weirline.specimen.specimen import Maker, Specimen

_MONTHS: Final = (
    b"January February March April May June July August September October November December"
).split()
_CANADA: Final = b"ABCEGHJKLMNPRSTVXY"
_INWARD: Final = b"ABDEFGHJLNPQRSTUWXYZ"  # second half of a British code


def day(rng: Randomness) -> bytes:
    """Return a day of the calendar."""
    year, month, date = rng.randrange(1930, 2012), rng.randrange(1, 13), rng.randrange(1, 29)
    match rng.randrange(6):
        case 0:
            return b"%02d/%02d/%d" % (date, month, year)
        case 1:
            return b"%d.%d.%d" % (date, month, year)
        case 2:
            return b"%d %b %d" % (date, _MONTHS[month - 1], year)
        case 3:
            return b"%b %d, %d" % (_MONTHS[month - 1], date, year)
        case 4:
            return b"%02d-%02d-%02d" % (month, date, year % 100)
        case _:
            return b"%d-%02d-%02d" % (year, month, date)


def broken_day(rng: Randomness) -> bytes:
    """Return a day the calendar does not have, or a year alone."""
    year, month, date = rng.randrange(1930, 2012), rng.randrange(13, 32), rng.randrange(13, 32)
    match rng.randrange(4):
        case 0:
            return b"%d-%02d-%02d" % (year, month, date)
        case 1:
            return b"%02d/%02d/%d" % (date, month, year)
        case 2:
            return b"%d/02/%d" % (rng.randrange(32, 99), year)
        case _:
            return b"%d" % year


def postal_code(rng: Randomness) -> bytes:
    """Return a code in the form of some country."""
    forms: tuple[Maker, ...] = (
        lambda rng: digits(rng, 5),
        lambda rng: digits(rng, 5) + b"-" + digits(rng, 4),
        lambda rng: digits(rng, 4),
        lambda rng: digits(rng, 6),
        lambda rng: digits(rng, 4) + b" " + letters(rng, _INWARD, 2),
        lambda rng: digits(rng, 2) + b"-" + digits(rng, 3),
        canadian,
        british,
    )
    return one_of(rng, forms)(rng)


def broken_postal_code(rng: Randomness) -> bytes:
    """Return digits that are too few or too many."""
    return digits(rng, one_of(rng, (2, 3, 7, 8, 11)))


def canadian(rng: Randomness) -> bytes:
    """Return a code of Canada."""
    letter = [letters(rng, _CANADA, 1) for _ in range(3)]
    number = [digits(rng, 1) for _ in range(3)]
    return letter[0] + number[0] + letter[1] + b" " + number[1] + letter[2] + number[2]


def broken_canadian(rng: Randomness) -> bytes:
    """Return a code that begins with a letter Canada does not use, or one cut."""
    good = canadian(rng)
    return b"D" + good[1:] if rng.randrange(2) else good[:-1]


def british(rng: Randomness) -> bytes:
    """Return a code of the United Kingdom."""
    area = one_of(rng, (b"M", b"B", b"LS", b"SW", b"EC", b"GL", b"CF", b"EH"))
    return area + digits(rng, 1) + b" " + digits(rng, 1) + letters(rng, _INWARD, 2)


def broken_british(rng: Randomness) -> bytes:
    """Return a code with a letter that is not used, or one cut."""
    good = british(rng)
    return b"Q" + good[-5:] if rng.randrange(2) else good[:-1]


def coordinates(rng: Randomness) -> bytes:
    """Return latitude and longitude in degrees."""
    latitude = b"%d.%05d" % (rng.randrange(-89, 90), rng.randrange(100000))
    longitude = b"%d.%05d" % (rng.randrange(-179, 180), rng.randrange(100000))
    return latitude + one_of(rng, (b", ", b",")) + longitude


def broken_coordinates(rng: Randomness) -> bytes:
    """Return a latitude beyond the poles, or degrees without a fraction."""
    if rng.randrange(2):
        return b"%d.%05d, 12.34567" % (rng.randrange(91, 999), rng.randrange(100000))
    return b"%d, %d" % (rng.randrange(90), rng.randrange(180))


PLACE_KINDS: Final = (
    Specimen("date_of_birth", "date_of_birth", day, broken_day, needs_key=True),
    Specimen("calendar_date", "day", day, broken_day),
    Specimen("postal_code", "zip_code", postal_code, broken_postal_code, needs_key=True),
    Specimen("ca_postal_code", "code", canadian, broken_canadian),
    Specimen("gb_postcode", "code", british, broken_british),
    Specimen("geo_coordinates", "coordinates", coordinates, broken_coordinates, needs_key=True),
)
