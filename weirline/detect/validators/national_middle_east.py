"""National numbers of the Middle East and Egypt that carry a check of their own.

Each function takes a value with or without its separators and says whether its check digit, date
or region fits; it raises nothing. Who issues the number is named in each function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from weirline.detect.validators import luhn
from weirline.detect.validators.arithmetic import digits_of, is_day, number, weighted

_ABROAD: Final = 88  # Egypt's code for those born elsewhere


def ir_national_id(value: bytes) -> bool:
    """Iranian national code: ten digits, weights 10 to 2, modulo 11.

    Source: National Organization for Civil Registration.
    """
    digits = digits_of(value, 10)
    if not digits or len(set(digits)) == 1:
        return False
    rest = weighted(digits[:9], range(10, 1, -1)) % 11
    return digits[9] == (rest if rest < 2 else 11 - rest)


def sa_national_id(value: bytes) -> bool:
    """Saudi identity (1) or residence (2) number: ten digits with a Luhn digit.

    Source: Ministry of Interior, Absher.
    """
    digits = digits_of(value, 10)
    return digits[:1] in {(1,), (2,)} and luhn.is_valid(value)


def ae_emirates_id(value: bytes) -> bool:
    """Emirates ID: 784, year of birth, serial, a Luhn digit.

    Source: Federal Authority for Identity, Citizenship, Customs & Port Security.
    """
    digits = digits_of(value, 15)
    if digits[:3] != (7, 8, 4) or not 1900 <= number(digits[3:7]) <= 2099:
        return False
    return luhn.is_valid(value)


def kw_civil_id(value: bytes) -> bool:
    """Kuwaiti civil number: century, date of birth, serial, modulo 11.

    Source: Public Authority for Civil Information.
    """
    digits = digits_of(value, 12)
    if digits[:1] not in {(1,), (2,), (3,)} or not is_day(number(digits[3:5]), number(digits[5:7])):
        return False
    return 11 - weighted(digits, (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 == digits[11]


def qa_qid(value: bytes) -> bool:
    """Qatari number: century 2 or 3, year of birth, country by its ISO 3166 digits, serial.

    Source: Ministry of Interior of Qatar.
    """
    digits = digits_of(value, 11)
    return digits[:1] in {(2,), (3,)} and 4 <= number(digits[3:6]) <= 894


def eg_national_id(value: bytes) -> bool:
    """Egyptian national number: century 2 or 3, date of birth, governorate, serial.

    Source: Civil Status Organization. Its check digit is not published, and not asked.
    """
    digits = digits_of(value, 14)
    if digits[:1] not in {(2,), (3,)} or not is_day(number(digits[3:5]), number(digits[5:7])):
        return False
    governorate = number(digits[7:9])
    return 1 <= governorate <= 35 or governorate == _ABROAD


CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "ae_emirates_id": ae_emirates_id,
        "eg_national_id": eg_national_id,
        "ir_national_id": ir_national_id,
        "kw_civil_id": kw_civil_id,
        "qa_qid": qa_qid,
        "sa_national_id": sa_national_id,
    }
)
