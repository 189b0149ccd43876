"""Numbers of health care providers in the United States: NPI, and DEA registration.

NPI: ten digits, begins with 1 or 2, Luhn digit over 80840 and the number. DEA: two letters and
seven digits, of which the last is the last digit of a sum of the six before it.
Source: 45 CFR 162.406, CMS "NPI check digit calculation"; 21 CFR 1301, DEA Diversion Control.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.luhn import luhn_sum

_ISSUER: Final = b"80840"  # health, United States (ISO/IEC 7812-1)
_REGISTRANTS: Final = frozenset(b"ABCDEFGHJKLMPRSTUX")


def is_npi(value: bytes) -> bool:
    """Return whether `value` is a national provider identifier."""
    digits = value.translate(None, b" -")
    if len(digits) != 10 or not digits.isdigit() or digits[:1] not in {b"1", b"2"}:
        return False
    return luhn_sum(_ISSUER + digits) % 10 == 0


def is_dea(value: bytes) -> bool:
    """Return whether `value` is a registration number of the Drug Enforcement Administration."""
    text = value.translate(None, b" -").upper()
    letters, digits = text[:2], text[2:]
    if len(digits) != 7 or not digits.isdigit() or letters[0] not in _REGISTRANTS:
        return False
    if not letters[1:].isalpha() and letters[1:] != b"9":
        return False
    one = [byte - 48 for byte in digits]
    total = one[0] + one[2] + one[4] + 2 * (one[1] + one[3] + one[5])
    return total % 10 == one[6]
