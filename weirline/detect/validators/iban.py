"""International bank account numbers: country, form of the account, and the remainder modulo 97.

The form matters as much as the check: a hash in base 16 that begins with two letters and two digits
passes the remainder one time in 97, but has letters where a country has digits.
Source: ISO 13616-1 and the IBAN registry of SWIFT (swift.com, release 99).
"""

from __future__ import annotations

import re
from typing import Final

_SEPARATORS: Final = b" -"

# Country, then the account behind the two check digits: n digits, a capitals, c either.
_REGISTRY: Final = """
AD 8n12c   AE 19n     AL 8n16c     AT 16n     AZ 4a20c   BA 16n       BE 12n    BG 4a6n8c
BH 4a14c   BI 23n     BR 23n1a1c   BY 4c4n16c CH 5n12c   CR 18n       CY 8n16c  CZ 20n
DE 18n     DJ 23n     DK 14n       DO 4c20n   EE 16n     EG 25n       ES 20n    FI 14n
FK 2a12n   FO 14n     FR 10n11c2n  GB 4a14n   GE 2a16n   GI 4a15c     GL 14n    GR 7n16c
GT 24c     HN 4a20n   HR 17n       HU 24n     IE 4a14n   IL 19n       IQ 4a15n  IS 22n
IT 1a10n12c JO 4a4n18c KW 4a22c    KZ 3n13c   LB 4n20c   LC 4a24c     LI 5n12c  LT 16n
LU 3n13c   LV 4a13c   LY 21n       MC 10n11c2n MD 20c    ME 18n       MK 3n10c2n MN 16n
MR 23n     MT 4a5n18c MU 4a19n3a   NI 4a20n   NL 4a10n   NO 11n       OM 3n16c  PK 4a16c
PL 24n     PS 4a21c   PT 21n       QA 4a21c   RO 4a16c   RS 18n       RU 14n15c SA 2n18c
SC 4a20n3a SD 14n     SE 20n       SI 15n     SK 20n     SM 1a10n12c  SO 19n    ST 21n
SV 4a20n   TL 19n     TN 20n       TR 5n17c   UA 6n19c   VA 18n       VG 4a16n  XK 16n
YE 4a4n18c
"""
_ALPHABETS: Final = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}


def _form(structure: str) -> str:
    parts = re.findall(r"(\d+)([nac])", structure)
    return "".join(f"{_ALPHABETS[kind]}{{{count}}}" for count, kind in parts)


def _width(structure: str) -> int:
    return 4 + sum(int(count) for count in re.findall(r"\d+", structure))


_ROWS: Final = dict(zip(_REGISTRY.split()[::2], _REGISTRY.split()[1::2], strict=True))
_FORMS: Final = re.compile(
    "|".join(f"{country}[0-9][0-9]{_form(_ROWS[country])}" for country in _ROWS).encode()
)
LENGTHS: Final = {country.encode(): _width(structure) for country, structure in _ROWS.items()}


def is_valid(value: bytes) -> bool:
    """Return whether `value` is an IBAN of a registered country; blanks and dashes are skipped."""
    compact = value.translate(None, _SEPARATORS).upper()
    if _FORMS.fullmatch(compact) is None:
        return False
    # int(text, 36) of one character is the registry's letter value: A is 10, Z is 35.
    numbers = "".join(str(int(chr(byte), 36)) for byte in compact[4:] + compact[:4])
    return int(numbers) % 97 == 1
