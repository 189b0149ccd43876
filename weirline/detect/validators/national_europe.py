"""National numbers of Europe that carry a check of their own.

Each function takes a value with or without its separators and says whether its check digits, dates
or letters fit; it raises nothing. Who issues the number is named in each function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from weirline.detect.validators import luhn
from weirline.detect.validators.arithmetic import (
    compact,
    cross_sum,
    digits_of,
    icao_sum,
    is_day,
    number,
    weighted,
)

_NINO: Final = re.compile(rb"[A-CEGHJ-PRSTW-Z][A-CEGHJ-NPRSTW-Z]\d{6}[A-D]")
_NINO_UNUSED: Final = frozenset((b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"))
_DRIVER: Final = re.compile(rb"[A-Z]{1,5}9{0,4}\d([0156]\d)([0-3]\d)\d[A-Z][A-Z9]\d[A-Z]{2}")
_ICAO: Final = (7, 3, 1)
_DOCUMENT: Final = re.compile(rb"[A-Z][A-Z0-9]{8}\d?")
_PENSION: Final = re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)([A-Z])(\d\d)(\d)")
_SICKNESS: Final = re.compile(rb"[A-Z]\d{9}")
_POLISH_CARD: Final = re.compile(rb"[A-Z]{3}\d{6}")
_POLISH_PASSPORT: Final = re.compile(rb"[A-Z]{2}\d{7}")
_BELARUSIAN: Final = re.compile(rb"[1-6](\d\d)(\d\d)\d\d[ABCHKEM]\d{3}(?:PB|BA|BI)\d")


def gb_nino(value: bytes) -> bool:
    """UK national insurance number: letters in use, six digits, suffix A to D.

    Source: HM Revenue & Customs, National Insurance Manual NIM39110.
    """
    plain = compact(value)
    return _NINO.fullmatch(plain) is not None and plain[:2] not in _NINO_UNUSED


def gb_driving_licence(value: bytes) -> bool:
    """UK driving licence: name filled with nines, a month (50 added for women) and a day of birth.

    Source: DVLA, "Driver number" in Inf45/1.
    """
    plain = compact(value)
    found = _DRIVER.fullmatch(plain)
    if found is None or len(plain) != 16:
        return False
    month = int(found[1])
    return is_day(month - 50 if month > 50 else month, int(found[2]))


def icao_document(value: bytes) -> bool:
    """German identity card or passport: nine characters, a digit by weights 7, 3, 1 may follow.

    Source: ICAO 9303-3 section 4.9; Personalausweisverordnung, annex 3.
    """
    plain = compact(value)
    if _DOCUMENT.fullmatch(plain) is None or not any(48 <= byte <= 57 for byte in plain[:9]):
        return False
    return len(plain) == 9 or icao_sum(plain[:9], _ICAO * 3) % 10 == plain[9] - 48


def de_rvnr(value: bytes) -> bool:
    """German pension insurance number: area, date of birth, letter, serial, digit of cross sums.

    Source: Versicherungsnummern-, Kontoführungs- und Versicherungsverlaufsverordnung, section 2.
    """
    found = _PENSION.fullmatch(compact(value))
    if found is None:
        return False
    area, day, month, year, letter, serial, check = found.groups()
    if not is_day(int(month), int(day) if int(day) <= 31 else int(day) - 50):
        return False
    spelled = area + day + month + year + b"%02d" % (letter[0] - 64) + serial
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return cross_sum([byte - 48 for byte in spelled], weights) % 10 == int(check)


def de_kvnr(value: bytes) -> bool:
    """German health insurance number: a letter as two digits, weights 1 and 2, cross sums.

    Source: GKV-Spitzenverband, "Richtlinie Krankenversichertennummer".
    """
    plain = compact(value)
    if _SICKNESS.fullmatch(plain) is None:
        return False
    spelled = b"%02d" % (plain[0] - 64) + plain[1:9]
    return cross_sum([byte - 48 for byte in spelled], (1, 2) * 5) % 10 == plain[9] - 48


def lu_nin(value: bytes) -> bool:
    """Luxembourg identification number: date of birth, serial, a Luhn digit, a second digit.

    Source: Centre des technologies de l'information de l'État. The second digit (Verhoeff) is not
    computed: date and Luhn leave one number in some hundred.
    """
    digits = digits_of(value, 13)
    if not digits or not 1850 <= number(digits[:4]) <= 2100:
        return False
    return is_day(number(digits[4:6]), number(digits[6:8])) and luhn.is_valid(compact(value)[:12])


def es_nuss(value: bytes) -> bool:
    """Spanish social security number: province, serial, remainder modulo 97.

    Source: Tesorería General de la Seguridad Social.
    """
    digits = digits_of(value, 12)
    province, serial = number(digits[:2]), number(digits[2:10])
    if not 1 <= province <= 66:
        return False
    base = province * (10_000_000 if serial < 10_000_000 else 100_000_000) + serial
    return base % 97 == number(digits[10:])


def pt_niss(value: bytes) -> bool:
    """Portuguese social security number: eleven digits, prime weights, modulo 10.

    Source: Instituto da Segurança Social, "Número de Identificação de Segurança Social".
    """
    digits = digits_of(value, 11)
    weights = (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)
    return bool(digits) and digits[0] in {1, 2} and 9 - weighted(digits, weights) % 10 == digits[10]


def pl_id_card(value: bytes) -> bool:
    """Polish identity card: three letters, six digits of which the first is the check digit.

    Source: Ministerstwo Cyfryzacji, regulation on the pattern of identity cards.
    """
    plain = compact(value)
    weights = (7, 3, 1, 9, 7, 3, 1, 7, 3)
    return _POLISH_CARD.fullmatch(plain) is not None and icao_sum(plain, weights) % 10 == 0


def pl_passport(value: bytes) -> bool:
    """Polish passport: two letters, seven digits of which the first is the check digit.

    Source: Ministerstwo Spraw Wewnętrznych i Administracji.
    """
    plain = compact(value)
    weights = (7, 3, 9, 1, 7, 3, 1, 7, 3)
    return _POLISH_PASSPORT.fullmatch(plain) is not None and icao_sum(plain, weights) % 10 == 0


def hu_adoszam(value: bytes) -> bool:
    """Hungarian tax number: eight digits with a check digit, kind of taxation, county.

    Source: Nemzeti Adó- és Vámhivatal; act CL of 2017, annex 1.
    """
    digits = digits_of(value, 11)
    if not digits or not 1 <= digits[8] <= 5 or not 2 <= number(digits[9:]) <= 51:
        return False
    return -weighted(digits, (9, 7, 3, 1, 9, 7, 3)) % 10 == digits[7]


def hu_adoazonosito(value: bytes) -> bool:
    """Hungarian personal tax number: begins with 8, weights 1 to 9 modulo 11.

    Source: act XX of 1996 and annex 1 of act CL of 2017.
    """
    digits = digits_of(value, 10)
    return digits[:1] == (8,) and weighted(digits, range(1, 10)) % 11 == digits[9]


def hu_taj(value: bytes) -> bool:
    """Hungarian social security number: nine digits, weights 3 and 7 modulo 10.

    Source: act XX of 1996, annex 1.
    """
    digits = digits_of(value, 9)
    return any(digits) and weighted(digits[:8], (3, 7) * 4) % 10 == digits[8]


def bg_eik(value: bytes) -> bool:
    """Bulgarian company number: weights 1 to 8 modulo 11, weights 3 to 10 where that gives 10.

    Source: Агенция по вписванията, ordinance on the BULSTAT register.
    """
    digits = digits_of(value, 9)
    if not any(digits):
        return False
    check = weighted(digits, range(1, 9)) % 11
    if check == 10:
        check = weighted(digits, range(3, 11)) % 11 % 10
    return check == digits[8]


def by_id(value: bytes) -> bool:
    """Belarusian personal number: century, date of birth, area, serial, weights 7, 3, 1.

    Source: Ministry of Internal Affairs of Belarus.
    """
    plain = compact(value)
    found = _BELARUSIAN.fullmatch(plain)
    if found is None or not is_day(int(found[2]), int(found[1])):
        return False
    return icao_sum(plain[:13], _ICAO * 5) % 10 == plain[13] - 48


def md_idnp(value: bytes) -> bool:
    """Moldovan personal number: begins with 2 or 0, weights 7, 3, 1 modulo 10.

    Source: Agenția Servicii Publice.
    """
    digits = digits_of(value, 13)
    return (
        any(digits) and digits[0] in {0, 2} and weighted(digits[:12], _ICAO * 4) % 10 == digits[12]
    )


def ru_snils(value: bytes) -> bool:
    """Russian pension insurance number: weights 9 to 1, modulo 101, 100 counts as 0.

    Source: Social Fund of Russia. Numbers up to 001-001-998 carry no check and are not taken.
    """
    digits = digits_of(value, 11)
    if number(digits[:9]) <= 1_001_998:
        return False
    return weighted(digits[:9], range(9, 0, -1)) % 101 % 100 == number(digits[9:])


CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "bg_eik": bg_eik,
        "by_id": by_id,
        "de_kvnr": de_kvnr,
        "de_rvnr": de_rvnr,
        "es_nuss": es_nuss,
        "gb_driving_licence": gb_driving_licence,
        "gb_nino": gb_nino,
        "hu_adoazonosito": hu_adoazonosito,
        "hu_adoszam": hu_adoszam,
        "hu_taj": hu_taj,
        "icao_document": icao_document,
        "lu_nin": lu_nin,
        "md_idnp": md_idnp,
        "pl_id_card": pl_id_card,
        "pl_passport": pl_passport,
        "pt_niss": pt_niss,
        "ru_snils": ru_snils,
    }
)
