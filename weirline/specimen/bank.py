"""What stands beside cards and accounts: codes, expiries, stripes, numbers of banks.

Source: ISO/IEC 7813 (stripe), ISO 9362 (BIC), American Bankers Association (routing numbers), the
UK's sort codes. Account numbers have no common form.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators import aba_routing, bic
from weirline.specimen.payment_card import with_check_digit
from weirline.specimen.randomness import CAPITALS, UPPER, Randomness, digits, letters, one_of
from weirline.specimen.specimen import Specimen

_COUNTRIES: Final = tuple(sorted(bic.COUNTRIES))


def security_code(rng: Randomness) -> bytes:
    """Return three or four digits."""
    return digits(rng, one_of(rng, (3, 4)))


def broken_code(rng: Randomness) -> bytes:
    """Return two digits, five, or a fraction."""
    return one_of(rng, (digits(rng, 2), digits(rng, 5), b"1." + digits(rng, 3)))


def expiry(rng: Randomness) -> bytes:
    """Return month and year."""
    month, year = rng.randrange(1, 13), rng.randrange(24, 40)
    return one_of(rng, (b"%02d/%02d", b"%02d/20%02d", b"%02d-%02d")) % (month, year)


def broken_expiry(rng: Randomness) -> bytes:
    """Return a month no year has, or a whole day."""
    if rng.randrange(2):
        return b"%02d/%02d" % (rng.randrange(13, 99), rng.randrange(24, 40))
    return b"%02d/%02d/20%02d" % (
        rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24, 40),
    )  # fmt: skip


def track(rng: Randomness) -> bytes:
    """Return track 1 or track 2 of a stripe."""
    number = with_check_digit(b"4" + digits(rng, 14))
    tail = b"%02d%02d101" % (rng.randrange(24, 40), rng.randrange(1, 13)) + digits(rng, 10)
    if rng.randrange(2):
        return b";" + number + b"=" + tail + b"?"
    return (
        b"%B" + number + b"^" + letters(rng, UPPER, 6) + b"/" + letters(rng, UPPER, 4) + b"^" + tail
    )


def broken_track(rng: Randomness) -> bytes:
    """Return a stripe whose number is no card's."""
    good = track(rng)
    start = 1 if good[:1] == b";" else 2
    wrong = b"%d" % ((good[start + 15] - 48 + rng.randrange(1, 10)) % 10)
    return good[: start + 15] + wrong + good[start + 16 :]


def code_of_bank(rng: Randomness) -> bytes:
    """Return a BIC of 8 or 11 characters."""
    code = letters(rng, UPPER, 4) + one_of(rng, _COUNTRIES) + letters(rng, b"23456789ABCDEF", 2)
    return code + (letters(rng, CAPITALS, 3) if rng.randrange(2) else b"")


def broken_code_of_bank(rng: Randomness) -> bytes:
    """Return a code of no country, or of ten characters."""
    if rng.randrange(2):
        return letters(rng, UPPER, 4) + b"XX" + letters(rng, UPPER, 2)
    return code_of_bank(rng)[:8] + b"A1"


def routing(rng: Randomness) -> bytes:
    """Return a routing number with its check digit."""
    while True:
        number = b"%02d" % rng.randrange(1, 13) + digits(rng, 7)
        if aba_routing.is_valid(number):
            return number


def broken_routing(rng: Randomness) -> bytes:
    """Return nine digits with a wrong check digit or of no district, or eight."""
    number = routing(rng)
    match rng.randrange(3):
        case 0:
            return number[:8] + b"%d" % ((number[8] - 48 + rng.randrange(1, 10)) % 10)
        case 1:
            return b"9" + number[1:]
        case _:
            return number[:8]


def account(rng: Randomness) -> bytes:
    """Return the digits of an account."""
    return digits(rng, rng.randrange(8, 15))


def broken_account(rng: Randomness) -> bytes:
    """Return too few digits, or far too many."""
    return digits(rng, one_of(rng, (4, 5, 21)))


def sort_code(rng: Randomness) -> bytes:
    """Return six digits in pairs."""
    pairs = [b"%02d" % rng.randrange(1, 100) for _ in range(3)]
    return one_of(rng, (b"-", b"-", b" ")).join(pairs)


def broken_sort_code(rng: Randomness) -> bytes:
    """Return two pairs, or four."""
    return b"-".join(b"%02d" % rng.randrange(1, 100) for _ in range(one_of(rng, (2, 4))))


BANK_KINDS: Final = (
    Specimen("card_security_code", "cvv", security_code, broken_code, needs_key=True),
    Specimen("card_expiry", "expiry_date", expiry, broken_expiry, needs_key=True),
    Specimen("card_track_data", "track", track, broken_track),
    Specimen("swift_bic", "swift_code", code_of_bank, broken_code_of_bank, needs_key=True),
    Specimen("us_aba_routing", "routing_number", routing, broken_routing, needs_key=True),
    Specimen("us_bank_account", "bank_account", account, broken_account, needs_key=True),
    Specimen("gb_sort_code", "sort_code", sort_code, broken_sort_code, needs_key=True),
)
