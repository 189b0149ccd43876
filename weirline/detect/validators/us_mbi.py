"""Numbers of Medicare beneficiaries in the United States (MBI), and of old claims (HICN).

MBI: eleven letters and digits in fixed places, without S, L, O, I, B and Z; no check digit, so a
number needs its name nearby. HICN: a social security number and one or two letters of relation.
Source: CMS, "Understanding the Medicare Beneficiary Identifier (MBI) format"; CMS manual 100-04.
"""

from __future__ import annotations

import re
from typing import Final

from weirline.detect.validators import us_ssn

LETTERS: Final = b"ACDEFGHJKMNPQRTUVWXY"
_CLASS: Final = LETTERS.decode()
_MBI: Final = re.compile(
    f"[1-9][{_CLASS}][{_CLASS}0-9][0-9][{_CLASS}][{_CLASS}0-9][0-9][{_CLASS}]{{2}}[0-9]{{2}}".encode()
)
_RELATION: Final = re.compile(rb"(?:[A-Z]|[A-Z][0-9A-Z])\Z")


def is_mbi(value: bytes) -> bool:
    """Return whether `value` has the form of a Medicare beneficiary identifier."""
    return _MBI.fullmatch(value.translate(None, b" -").upper()) is not None


def is_hicn(value: bytes) -> bool:
    """Return whether `value` is a number that may have been assigned, and a relation behind it."""
    text = value.translate(None, b" -").upper()
    return us_ssn.is_valid(text[:9]) and _RELATION.fullmatch(text[9:]) is not None
