from __future__ import annotations

from tests.weirline.policy.vocabulary import DETECTORS
from weirline.policy.own_detector import NEAR_CONFIDENCE, OwnDetector, own_detectors, with_own
from weirline.rulepack.compiled_chain import build_chain

LOYALTY = OwnDetector(
    pattern="LY-[0-9]{9}",
    check="luhn",
    near=("Loyalty", "member"),
    examples=("LY-123456782",),
    not_examples=("LY-123456789",),
)


def test_check_digit_is_that_of_the_digits_beside_letters() -> None:
    chain = build_chain(own_detectors({"loyalty_id": LOYALTY}))
    found, _ = chain.scan(b"a LY-123456782 b LY-123456789 c")
    assert [(one.detector, one.category, one.start, one.end) for one in found] == [
        ("loyalty_id", "own", 2, 14)
    ]


def test_word_nearby_makes_a_value_surer() -> None:
    chain = build_chain(own_detectors({"loyalty_id": LOYALTY}))
    (alone,), _ = chain.scan(b"x LY-123456782")
    (beside,), _ = chain.scan(b"loyalty LY-123456782")
    assert alone.confidence == LOYALTY.confidence
    assert round(beside.confidence - alone.confidence, 6) == NEAR_CONFIDENCE


def test_own_detectors_stand_behind_the_shipped_ones() -> None:
    every = with_own(DETECTORS, {"loyalty_id": LOYALTY})
    assert every[: len(DETECTORS)] == DETECTORS
    assert [one.id for one in every[len(DETECTORS) :]] == ["loyalty_id"]
    assert every[-1].title == "loyalty id"
