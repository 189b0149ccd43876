"""How sure a finding is: one sum, the same for every detector.

`confidence` of the detector, plus `context.confidence` where a word of its context stands, never
above 1. A check that random text passes less than one time in ninety lifts the sum to at least
`CHECKED`: who passes it is the real thing, whatever stands around it.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.context import Nearby
from weirline.detect.detector import Detector

CHECKED: Final = 0.9
# Two check digits or more, a remainder modulo 97, or a checksum of 32 bits.
LONG_CHECKS: Final = frozenset({"base62_crc32", "iban"})


def confidence_of(detector: Detector, nearby: Nearby) -> float | None:
    """Return how sure a value is that passed pattern and check, 0 to 1; None if it is none."""
    context = detector.context
    confidence = detector.confidence
    if context is not None:
        if nearby is Nearby.AGAINST or (context.required and nearby is not Nearby.SUPPORT):
            return None
        if nearby is Nearby.SUPPORT:
            confidence = min(confidence + context.confidence, 1.0)
    return max(confidence, CHECKED) if detector.validator in LONG_CHECKS else confidence
