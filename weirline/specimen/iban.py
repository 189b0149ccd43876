"""International bank account numbers with true check digits.

Structures (ISO 13616-1, IBAN registry of SWIFT): n digits, a capitals, c either, each with a count.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import CAPITALS, DIGITS, UPPER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen

_STRUCTURES: Final = {
    b"AD": "8n12c",
    b"AE": "19n",
    b"AL": "8n16c",
    b"AT": "16n",
    b"AZ": "4a20c",
    b"BE": "12n",
    b"BG": "4a6n8c",
    b"BR": "23n1a1c",
    b"CH": "5n12c",
    b"CY": "8n16c",
    b"CZ": "20n",
    b"DE": "18n",
    b"DK": "14n",
    b"EE": "16n",
    b"ES": "20n",
    b"FI": "14n",
    b"FR": "10n11c2n",
    b"GB": "4a14n",
    b"GI": "4a15c",
    b"GR": "7n16c",
    b"HU": "24n",
    b"IE": "4a14n",
    b"IT": "1a10n12c",
    b"KW": "4a22c",
    b"LB": "4n20c",
    b"LU": "3n13c",
    b"MT": "4a5n18c",
    b"MU": "4a19n3a",
    b"NL": "4a10n",
    b"NO": "11n",
    b"PL": "24n",
    b"PT": "21n",
    b"RO": "4a16c",
    b"SA": "2n18c",
    b"SE": "20n",
    b"TR": "6n16c",
    b"UA": "6n19c",
}
_COUNTRIES: Final = tuple(_STRUCTURES)
_ALPHABETS: Final = {"n": DIGITS, "a": UPPER, "c": CAPITALS}


def valid(rng: Randomness) -> bytes:
    """Return a number of some country, compact or in groups of four, capitals or small."""
    return _written(rng, _number(rng))


def broken(rng: Randomness) -> bytes:
    """Return what is no account number: check digits, length or country is wrong."""
    number = _number(rng)
    match rng.randrange(3):
        case 0:
            check = (int(number[2:4]) - 2 + rng.randrange(1, 97)) % 97 + 2
            return _written(rng, number[:2] + b"%02d" % check + number[4:])
        case 1:
            return _written(rng, with_check_digits(number[:2], number[4:-1]))
        case _:
            return _written(rng, with_check_digits(b"XX", number[4:]))


def with_check_digits(country: bytes, account: bytes) -> bytes:
    """Return the whole number of an account; its remainder modulo 97 is 1."""
    spelled = "".join(str(int(chr(byte), 36)) for byte in account + country + b"00")
    return country + b"%02d" % (98 - int(spelled) % 97) + account


def _number(rng: Randomness) -> bytes:
    country = one_of(rng, _COUNTRIES)
    account, count = b"", ""
    for sign in _STRUCTURES[country]:
        if sign.isdigit():
            count += sign
        else:
            account += letters(rng, _ALPHABETS[sign], int(count))
            count = ""
    return with_check_digits(country, account)


def _written(rng: Randomness, number: bytes) -> bytes:
    if rng.randrange(4) == 0:
        number = number.lower()
    if rng.randrange(3):
        return number
    return b" ".join(number[at : at + 4] for at in range(0, len(number), 4))


IBAN: Final = Specimen("iban", "iban", valid, broken)
