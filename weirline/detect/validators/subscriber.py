"""Numbers of mobile devices and of their subscribers: IMEI, IMSI, ICCID.

IMEI: 15 digits, the last Luhn's; the first two name the body that allotted it. IMSI: 14 or 15
digits that begin with a country. ICCID: 19 or 20 digits that begin with 89, the last Luhn's.
Source: 3GPP TS 23.003 sections 2 and 6, GSMA TS.06; ITU-T E.118, E.212.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.luhn import luhn_sum

_SEPARATORS: Final = b" -/"
_BODIES: Final = frozenset(
    (b"01", b"33", b"35", b"44", b"45", b"49", b"50", b"51", b"52", b"53", b"54", b"86", b"91")
) | {b"98", b"99"}


def is_imei(value: bytes) -> bool:
    """Return whether `value` is an IMEI with its check digit."""
    digits = value.translate(None, _SEPARATORS)
    if len(digits) != 15 or not digits.isdigit() or digits[:2] not in _BODIES:
        return False
    return luhn_sum(digits) % 10 == 0 and len(set(digits)) > 2


def is_imsi(value: bytes) -> bool:
    """Return whether `value` is 14 or 15 digits that begin with a country of ITU-T E.212."""
    digits = value.translate(None, _SEPARATORS)
    if len(digits) not in {14, 15} or not digits.isdigit():
        return False
    return 202 <= int(digits[:3]) <= 750 and len(set(digits)) > 2


def is_iccid(value: bytes) -> bool:
    """Return whether `value` is the number of a SIM card with its check digit."""
    digits = value.translate(None, _SEPARATORS)
    if len(digits) not in {19, 20} or not digits.isdigit() or digits[:2] != b"89":
        return False
    return luhn_sum(digits) % 10 == 0
