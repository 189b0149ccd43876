"""National numbers of the Americas that carry a check of their own.

Each function takes a value with or without its separators and says whether its check digits, dates
or regions fit; it raises nothing. Who issues the number is named above each function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from weirline.detect.validators import luhn
from weirline.detect.validators.arithmetic import compact, digits_of, number, weighted

_DOWN_FROM_9: Final = tuple(range(9, 0, -1))
_PIS: Final = (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_CLABE: Final = (3, 7, 1) * 6


def ca_ohip(value: bytes) -> bool:
    """Ontario health card: ten digits with a Luhn digit, two version letters may follow.

    Source: Ontario Ministry of Health, "Technical specifications, health card validation".
    """
    plain = compact(value)
    card, version = plain[:10], plain[10:]
    return len(version) in {0, 2} and (not version or version.isalpha()) and luhn.is_valid(card)


def mx_clabe(value: bytes) -> bool:
    """Mexican bank account: 18 digits, weights 3, 7, 1, each product modulo 10.

    Source: Banco de México, circular 2019/95.
    """
    digits = digits_of(value, 18)
    total = sum(
        digit * weight % 10 for digit, weight in zip(digits[:17], _CLABE[:17], strict=False)
    )
    return bool(digits) and -total % 10 == digits[17]


def br_cnh(value: bytes) -> bool:
    """Brazilian driver's licence: two digits modulo 11, the second lowered where the first was 10.

    Source: Contran, resolução 886/2021.
    """
    digits = digits_of(value, 11)
    if not digits or len(set(digits)) == 1:
        return False
    first = weighted(digits, _DOWN_FROM_9) % 11
    lowered = 2 if first >= 10 else 0
    second = weighted(digits, range(1, 10)) % 11
    second = 0 if second >= 10 else (second - lowered) % 11
    return digits[9:] == (first % 10 if first < 10 else 0, second if second < 10 else 0)


def br_titulo_eleitor(value: bytes) -> bool:
    """Brazilian voter number: serial, state from 01 to 28, two digits modulo 11.

    Source: Tribunal Superior Eleitoral, resolução 23.659/2021.
    """
    digits = digits_of(value, 12)
    state = number(digits[8:10])
    if not 1 <= state <= 28:
        return False
    # São Paulo and Minas Gerais write 1 where the remainder is 0.
    zero = 1 if state <= 2 else 0
    first = weighted(digits[:8], range(2, 10)) % 11
    first = zero if first == 0 else first % 10 * (first < 10)
    second = (digits[8] * 7 + digits[9] * 8 + first * 9) % 11
    second = zero if second == 0 else second % 10 * (second < 10)
    return digits[10:] == (first, second)


def br_pis(value: bytes) -> bool:
    """Brazilian PIS, PASEP, NIS and Renavam numbers: the last of 11 digits modulo 11.

    Source: Caixa Econômica Federal, "Cadastro NIS"; Denatran, portaria 27/2013.
    """
    digits = digits_of(value, 11)
    if not digits or len(set(digits)) == 1:
        return False
    check = -weighted(digits, _PIS) % 11
    return digits[10] == (check if check < 10 else 0)


def uy_ci(value: bytes) -> bool:
    """Uruguayan identity card: weights 2, 9, 8, 7, 6, 3, 4 modulo 10.

    Source: Dirección Nacional de Identificación Civil.
    """
    digits = digits_of(value, 8)
    return bool(digits) and -weighted(digits, (2, 9, 8, 7, 6, 3, 4)) % 10 == digits[7]


def gt_cui(value: bytes) -> bool:
    """Guatemalan CUI: the ninth digit modulo 11, then department (01 to 22) and municipality.

    Source: Registro Nacional de las Personas.
    """
    digits = digits_of(value, 13)
    if not digits or not 1 <= number(digits[9:11]) <= 22 or not number(digits[11:]):
        return False
    return weighted(digits[:8], range(2, 10)) % 11 == digits[8]


def sv_dui(value: bytes) -> bool:
    """Salvadoran DUI: nine digits, weights 9 to 2, modulo 10.

    Source: Registro Nacional de las Personas Naturales.
    """
    digits = digits_of(value, 9)
    return any(digits) and -weighted(digits[:8], _DOWN_FROM_9) % 10 == digits[8]


def hn_dni(value: bytes) -> bool:
    """Honduran identity number: department 01 to 18, municipality, year of the entry, serial.

    Source: Registro Nacional de las Personas.
    """
    digits = digits_of(value, 13)
    department, town, year = number(digits[:2]), number(digits[2:4]), number(digits[4:8])
    return 1 <= department <= 18 and 1 <= town <= 28 and 1900 <= year <= 2099


CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "br_cnh": br_cnh,
        "br_pis": br_pis,
        "br_titulo_eleitor": br_titulo_eleitor,
        "ca_ohip": ca_ohip,
        "gt_cui": gt_cui,
        "hn_dni": hn_dni,
        "mx_clabe": mx_clabe,
        "sv_dui": sv_dui,
        "uy_ci": uy_ci,
    }
)
