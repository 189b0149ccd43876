from __future__ import annotations

from tests.weirline.detect.sample import CARD, KEY, detector
from weirline.detect.matcher import Expression, Hits
from weirline.detect.pattern_set import PatternSet, trigger_of


def test_trigger_is_the_pattern_where_there_is_none() -> None:
    assert trigger_of(KEY) == Expression("key_[0-9a-f]", caseless=False)
    assert trigger_of(detector("ab", 2, caseless=True)) == Expression("ab", caseless=True)


def test_detectors_with_one_trigger_share_an_expression() -> None:
    twin = detector(r"key_\w+", 40, name="twin", trigger=KEY.trigger)
    patterns = PatternSet([KEY, CARD, twin])
    assert len(patterns.expressions) == 2
    ends = patterns.by_detector(Hits([(0, 5), (1, 7), (0, 9)], capped=False))
    assert ends == {0: [5, 9], 2: [5, 9], 1: [7]}
