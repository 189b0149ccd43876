"""National numbers of Asia and the Pacific that carry a check of their own.

Each function takes a value with or without its separators and says whether its check digits, dates
or regions fit; it raises nothing. Who issues the number is named in each function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from weirline.detect.validators.arithmetic import compact, digits_of, is_day, number, weighted

_TAIWAN: Final = re.compile(rb"[A-Z][1289A-D]\d{8}")
# Codes of the places of registration in the order of the letters; I, O, W, Z came later.
_TAIWAN_PLACES: Final = dict(zip(b"ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
_HONG_KONG: Final = re.compile(rb"([A-Z]{1,2})(\d{6})\(?([0-9A])\)?")
_SINGAPORE: Final = re.compile(rb"([STFGM])(\d{7})([A-Z])")
_SINGAPORE_LETTERS: Final = {
    b"S": b"JZIHGFEDCBA",
    b"T": b"JZIHGFEDCBA",
    b"F": b"XWUTRQPNMLK",
    b"G": b"XWUTRQPNMLK",
    b"M": b"XWUTRQPNJLK",
}
_SINGAPORE_OFFSETS: Final = {b"T": 4, b"G": 4, b"M": 3}
_OLD_NIC: Final = re.compile(rb"\d{9}[VX]")
_NHI: Final = re.compile(rb"[A-HJ-NP-Z]{3}\d{4}")
_NHI_LETTERS: Final = b"ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are left out
_IIN: Final = (tuple(range(1, 12)), (*range(3, 12), 1, 2))


def tw_id(value: bytes) -> bool:
    """Taiwanese identity number or resident certificate: letters as codes, modulo 10.

    Source: Department of Household Registration; National Immigration Agency.
    """
    plain = compact(value)
    if _TAIWAN.fullmatch(plain) is None:
        return False
    place = _TAIWAN_PLACES[plain[0]]
    second = plain[1] - 48 if plain[1] < 65 else _TAIWAN_PLACES[plain[1]] % 10
    digits = (place // 10, place % 10, second, *(byte - 48 for byte in plain[2:]))
    return weighted(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def hk_hkid(value: bytes) -> bool:
    """Hong Kong identity card: one or two letters, six digits, a character modulo 11.

    Source: Immigration Department, "Hong Kong identity card".
    """
    found = _HONG_KONG.fullmatch(compact(value))
    if found is None:
        return False
    letters, serial, check = found.groups()
    first = [36] if len(letters) == 1 else []  # a missing first letter counts as a blank
    numbers = [*first, *(int(chr(byte), 36) for byte in letters + serial)]
    return (weighted(numbers, range(9, 1, -1)) + int(check, 16)) % 11 == 0


def sg_nric(value: bytes) -> bool:
    """Singapore NRIC or FIN: weights 2, 7, 6, 5, 4, 3, 2, a letter of the series modulo 11.

    Source: Immigration & Checkpoints Authority.
    """
    found = _SINGAPORE.fullmatch(compact(value))
    if found is None:
        return False
    series, serial, check = found.groups()
    total = weighted([byte - 48 for byte in serial], (2, 7, 6, 5, 4, 3, 2))
    place = (total + _SINGAPORE_OFFSETS.get(series, 0)) % 11
    return _SINGAPORE_LETTERS[series][place] == check[0]


def kz_iin(value: bytes) -> bool:
    """Kazakh individual number: date of birth, century and sex, two rounds modulo 11.

    Source: Ministry of Justice of Kazakhstan, rules on identification numbers.
    """
    digits = digits_of(value, 12)
    if not digits or not 1 <= digits[6] <= 6:
        return False
    return is_day(number(digits[2:4]), number(digits[4:6])) and _kazakh_check(digits)


def kz_bin(value: bytes) -> bool:
    """Kazakh business number: month of registration, kind of body 4 to 6, modulo 11.

    Source: Ministry of Justice of Kazakhstan, rules on identification numbers.
    """
    digits = digits_of(value, 12)
    if not digits or not 1 <= number(digits[2:4]) <= 12 or digits[4] not in {4, 5, 6}:
        return False
    return _kazakh_check(digits)


def _kazakh_check(digits: tuple[int, ...]) -> bool:
    for weights in _IIN:
        check = weighted(digits[:11], weights) % 11
        if check < 10:
            return check == digits[11]
    return False


def uz_pinfl(value: bytes) -> bool:
    """Uzbek personal number: century and sex 3 to 6, date of birth, weights 7, 3, 1.

    Source: cabinet resolution 320 of 1999, annex.
    """
    digits = digits_of(value, 14)
    if (
        not digits
        or not 3 <= digits[0] <= 6
        or not is_day(number(digits[3:5]), number(digits[1:3]))
    ):
        return False
    return weighted(digits[:13], (7, 3, 1) * 5) % 10 == digits[13]


def vn_cccd(value: bytes) -> bool:
    """Vietnamese citizen number: province 001 to 096, century and sex, year, serial.

    Source: circular 59/2021/TT-BCA, article 3.
    """
    digits = digits_of(value, 12)
    return 1 <= number(digits[:3]) <= 96 and digits[3] <= 3


def lk_nic(value: bytes) -> bool:
    """Sri Lankan identity card: year, day of the year (500 added for women), serial, V or X.

    Source: Department for Registration of Persons.
    """
    plain = compact(value)
    if _OLD_NIC.fullmatch(plain) is not None:
        day = int(plain[2:5])
    elif len(plain) == 12 and plain.isdigit() and b"1900" <= plain[:4] <= b"2099":
        day = int(plain[4:7])
    else:
        return False
    return 1 <= day <= 366 or 501 <= day <= 866


def in_driving_licence(value: bytes) -> bool:
    """Indian driving licence: state, office, a year since 1950, serial.

    Source: Ministry of Road Transport and Highways, Sarathi numbering.
    """
    plain = compact(value)
    return len(plain) == 15 and b"1950" <= plain[4:8] <= b"2099"


def au_medicare(value: bytes) -> bool:
    """Australian Medicare number: begins 2 to 6, weights 1, 3, 7, 9; a line number may follow.

    Source: Services Australia, "Medicare card number" in its software specifications.
    """
    digits = digits_of(value, 10, 11)
    if not digits or not 2 <= digits[0] <= 6:
        return False
    return weighted(digits[:8], (1, 3, 7, 9) * 2) % 10 == digits[8]


def nz_nhi(value: bytes) -> bool:
    """New Zealand health number of the old form: three letters, three digits, modulo 11.

    Source: HISO 10046 "Consumer health identity standard".
    """
    plain = compact(value)
    if _NHI.fullmatch(plain) is None:
        return False
    numbers = [_NHI_LETTERS.index(byte) + 1 for byte in plain[:3]]
    numbers += [byte - 48 for byte in plain[3:6]]
    rest = weighted(numbers, (7, 6, 5, 4, 3, 2)) % 11
    return rest != 0 and (11 - rest) % 10 == plain[6] - 48


CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "au_medicare": au_medicare,
        "hk_hkid": hk_hkid,
        "in_driving_licence": in_driving_licence,
        "kz_bin": kz_bin,
        "kz_iin": kz_iin,
        "lk_nic": lk_nic,
        "nz_nhi": nz_nhi,
        "sg_nric": sg_nric,
        "tw_id": tw_id,
        "uz_pinfl": uz_pinfl,
        "vn_cccd": vn_cccd,
    }
)
