from __future__ import annotations

import pytest

from tests.weirline.detect.sample import detector
from weirline.detect.confidence import CHECKED, confidence_of
from weirline.detect.context import Nearby
from weirline.detect.detector import Context


@pytest.mark.parametrize(
    ("nearby", "required", "sure"),
    [
        (Nearby.NOTHING, False, 0.3),
        (Nearby.SUPPORT, False, 0.7),
        (Nearby.AGAINST, False, None),
        (Nearby.NOTHING, True, None),
        (Nearby.SUPPORT, True, 0.7),
    ],
)
def test_context_adds_drops_and_is_required(
    nearby: Nearby, required: bool, sure: float | None
) -> None:
    context = Context(words=("w",), confidence=0.4, required=required)
    assert confidence_of(detector("a", 1, confidence=0.3, context=context), nearby) == sure


def test_sum_never_exceeds_one() -> None:
    context = Context(words=("w",), confidence=0.4)
    assert confidence_of(detector("a", 1, confidence=0.9, context=context), Nearby.SUPPORT) == 1


def test_long_check_lifts_a_weak_pattern_and_a_short_one_does_not() -> None:
    for validator, sure in (("iban", CHECKED), ("luhn", 0.3)):
        weak = detector("a", 1, confidence=0.3, validator=validator)
        assert confidence_of(weak, Nearby.NOTHING) == sure
