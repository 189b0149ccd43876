"""Days of the calendar as people write them: 1984-03-09, 9.3.1984, 03/09/84, 9 March 1984.

Day and month may stand in either order; at least one reading must be a day of the years 1900 to
2099. Months are known by their names and abbreviations in English, German, French, Spanish,
Italian, Portuguese and Dutch. Source: ISO 8601-1; names of CLDR.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import permutations
from typing import Final

_YEARS: Final = range(1900, 2100)
# By the beginning that tells a month from the others, in all the languages.
_MONTHS: Final = (
    "jan ene gen jän", "feb fév fev", "mar mär maa mrt mrz", "apr avr abr", "may mai mei mag maj",
    "jun juin giu", "jul juil lug", "aug aoû aou ago", "sep set", "oct okt ott out", "nov",
    "dec dez dic déc",
)  # fmt: skip
_BY_NAME: Final = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}
_NUMBERS: Final = re.compile(r"\d+")
_NAMES: Final = re.compile(r"[^\W\d_]{3,}")


def is_valid(value: bytes) -> bool:
    """Return whether `value` is a day; a time behind it is not looked at."""
    text = value.decode("utf-8", "replace").lower()
    numbers = [int(number) for number in _NUMBERS.findall(text)[:3]]
    month = next((found for name in _NAMES.findall(text) if (found := _month(name))), None)
    if month is not None:
        return any(_is_day(year, month, day) for day, year in permutations(numbers[:2], 2))
    if len(numbers) == 1 and len(text) == 8 and text.isdigit():
        return any(
            _is_day(*map(int, parts))
            for parts in (
                (text[:4], text[4:6], text[6:]),
                (text[4:], text[2:4], text[:2]),
                (text[4:], text[:2], text[2:4]),
            )
        )
    if len(numbers) != 3:
        return False
    first, second, third = numbers
    if first > 31:
        return _is_day(first, second, third)
    return _is_day(third, second, first) or _is_day(third, first, second)


def _month(name: str) -> int | None:
    return _BY_NAME.get(name[:4]) or _BY_NAME.get(name[:3])


def _is_day(year: int, month: int, day: int) -> bool:
    if year < 100:
        year += 1900
    if year not in _YEARS:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
