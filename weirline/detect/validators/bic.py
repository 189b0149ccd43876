"""Business identifier codes of banks (SWIFT): four letters, a country, a place, perhaps a branch.

There is no check digit; that the fifth and sixth letter are a country is all that can be told.
Source: ISO 9362:2022; ISO 3166-1, and XK as SWIFT uses it.
"""

from __future__ import annotations

from typing import Final

COUNTRIES: Final = frozenset(
    b"AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ "
    b"CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ "
    b"FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM "
    b"IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
    b"MA MC MD ME MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR "
    b"NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL "
    b"SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE "
    b"VG VI VN VU WF WS XK YE YT ZA ZM ZW".split()
)


def is_valid(value: bytes) -> bool:
    """Return whether `value` is 8 or 11 letters and digits with a country in their midst."""
    code = value.upper()
    if len(code) not in {8, 11} or not code.isalnum():
        return False
    return code[:4].isalpha() and code[4:6] in COUNTRIES and code[7:8] != b"O"
