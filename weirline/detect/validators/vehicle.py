"""Vehicle identification numbers: 17 letters and digits without I, O and Q.

The ninth is a check digit in North America and China only; elsewhere makers put what they like
there. So the form is all that is asked, and the detector asks for the number's name nearby.
Source: ISO 3779, 49 CFR 565.15.
"""

from __future__ import annotations

from typing import Final

_IN_USE: Final = frozenset(b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ")
_LENGTH: Final = 17


def is_valid(value: bytes) -> bool:
    """Return whether `value` is 17 of the letters and digits in use and ends in four digits."""
    text = value.upper()
    if len(text) != _LENGTH or not _IN_USE.issuperset(text):
        return False
    return not text.isdigit() and text[-4:].isdigit()
