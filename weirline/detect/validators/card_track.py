"""What the magnetic stripe of a payment card holds: track 1 and track 2.

The number must be a card's; expiry and service code stand behind it in fixed places.
Source: ISO/IEC 7813.
"""

from __future__ import annotations

import re
from typing import Final

from weirline.detect.validators import card

_NUMBER: Final = re.compile(rb"\d{12,19}")


def is_valid(value: bytes) -> bool:
    """Return whether the first long run of digits in `value` is a payment card's number."""
    number = _NUMBER.search(value)
    return number is not None and card.is_valid(number[0])
