"""Numbers of health care in the United States, and such as hospitals and insurers give out.

Source: CMS (NPI check digit, form of the MBI, HICN), DEA Diversion Control (registration numbers).
Record and member numbers have no common form.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.us_mbi import LETTERS
from weirline.specimen import us_ssn
from weirline.specimen.payment_card import with_check_digit
from weirline.specimen.randomness import DIGITS, UPPER, Randomness, digits, letters, one_of
from weirline.specimen.specimen import Specimen

_EITHER: Final = LETTERS + DIGITS


def npi(rng: Randomness) -> bytes:
    """Return a provider's number; its check digit counts the issuer's 80840 in front."""
    number = one_of(rng, (b"1", b"2")) + digits(rng, 8)
    return with_check_digit(b"80840" + number)[5:]


def broken_npi(rng: Randomness) -> bytes:
    """Return ten digits with a wrong check digit, or nine."""
    number = npi(rng)
    if rng.randrange(3) == 0:
        return number[:9]
    return number[:9] + b"%d" % ((number[9] - 48 + rng.randrange(1, 10)) % 10)


def dea(rng: Randomness) -> bytes:
    """Return a registration number with its check digit."""
    number = [rng.randrange(10) for _ in range(6)]
    total = sum(number[::2]) + 2 * sum(number[1::2])
    code = one_of(rng, (b"A", b"B", b"F", b"M")) + letters(rng, UPPER, 1)
    return code + b"".join(b"%d" % digit for digit in number) + b"%d" % (total % 10)


def broken_dea(rng: Randomness) -> bytes:
    """Return a registration with a wrong check digit, or a digit short."""
    number = dea(rng)
    if rng.randrange(3) == 0:
        return number[:8]
    return number[:8] + b"%d" % ((number[8] - 48 + rng.randrange(1, 10)) % 10)


def mbi(rng: Randomness) -> bytes:
    """Return the number of a Medicare beneficiary."""
    parts = (
        DIGITS[1:],
        LETTERS,
        _EITHER,
        DIGITS,
        LETTERS,
        _EITHER,
        DIGITS,
        LETTERS,
        LETTERS,
        DIGITS,
    )
    whole = b"".join(letters(rng, part, 1) for part in parts) + letters(rng, DIGITS, 1)
    return whole if rng.randrange(2) else b"-".join((whole[:4], whole[4:7], whole[7:]))


def broken_mbi(rng: Randomness) -> bytes:
    """Return one with a letter that is not used, or one cut."""
    number = mbi(rng)
    if rng.randrange(2):
        return number[:1] + one_of(rng, (b"S", b"O", b"B")) + number[2:]
    return number[:-1]


def hicn(rng: Randomness) -> bytes:
    """Return a claim number: a social security number and a relation."""
    return us_ssn.valid_digits(rng) + one_of(rng, (b"A", b"B", b"D", b"C1", b"B6"))


def broken_hicn(rng: Randomness) -> bytes:
    """Return a number that was never assigned, with a relation."""
    return b"666" + digits(rng, 6) + b"A"


def record(rng: Randomness) -> bytes:
    """Return the number of a record."""
    return one_of(rng, (b"", b"MR", b"HN-")) + digits(rng, rng.randrange(6, 10))


def broken_record(rng: Randomness) -> bytes:
    """Return digits that are too few or too many."""
    return digits(rng, one_of(rng, (3, 4, 13)))


def member(rng: Randomness) -> bytes:
    """Return the number of a member."""
    return letters(rng, UPPER, 3) + digits(rng, 9)


def broken_member(rng: Randomness) -> bytes:
    """Return digits that are too few or too many."""
    return digits(rng, one_of(rng, (3, 4, 17)))


HEALTH_KINDS: Final = (
    Specimen("us_npi", "npi", npi, broken_npi, needs_key=True),
    Specimen("us_dea", "dea_number", dea, broken_dea),
    Specimen("us_mbi", "mbi", mbi, broken_mbi),
    Specimen("us_hicn", "hicn", hicn, broken_hicn, needs_key=True),
    Specimen("medical_record_number", "mrn", record, broken_record, needs_key=True),
    Specimen("health_plan_member_id", "member_id", member, broken_member, needs_key=True),
)
