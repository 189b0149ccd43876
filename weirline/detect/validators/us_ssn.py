"""US Social Security numbers: no check digit, so only what was never assigned is refused.

Since 2011 numbers are given at random; area 000, 666 and 900-999, group 00 and serial 0000 stay
unassigned, and a few numbers were made void by being printed in advertisements.
Source: ssa.gov/employer/randomization.html, ssa.gov/history/ssn/misused.html.
"""

from __future__ import annotations

from typing import Final

_SEPARATORS: Final = b" -."
# Printed in advertisements or on sample cards, and placeholders people type.
_VOID: Final = frozenset(
    digit * 9 for digit in (b"1", b"2", b"3", b"4", b"5", b"7", b"8")
) | frozenset(b"%09d" % number for number in (78051120, 219099999, 457555462, 123456789))


def is_valid(value: bytes) -> bool:
    """Return whether `value` is nine digits, perhaps in groups, that may have been assigned."""
    digits = value.translate(None, _SEPARATORS)
    if len(digits) != 9 or not digits.isdigit() or digits in _VOID:
        return False
    area = digits[:3]
    if area in {b"000", b"666"} or area >= b"900":
        return False
    return digits[3:5] != b"00" and digits[5:] != b"0000"
