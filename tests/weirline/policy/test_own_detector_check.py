from __future__ import annotations

import time

import pytest

from weirline.policy.fault import Path
from weirline.policy.own_detector import OwnDetector
from weirline.policy.own_detector_check import own_detector_faults, own_entries, prove
from weirline.rulepack.entry import Place


def detector(
    pattern: str, *, check: str | None = None, example: str = "LY-1", category: str = "own"
) -> OwnDetector:
    return OwnDetector(
        pattern=pattern,
        examples=(example,),
        not_examples=("nothing",),
        check=check,
        category=category,
    )


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        (detector("LY-[0-9]+"), "E03", "pattern"),
        (detector("(LY"), "E03", "pattern"),
        (detector("[0-9]{0,3}"), "E03", "pattern"),
        (detector("[0-9]{1000}" * 70), "E03", "pattern"),
        (detector("LY-[0-9]", check="lunh"), "E02", "check"),
        (detector("LY-[0-9]", category="pay"), "E02", "category"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(written: OwnDetector, code: str, field: str) -> None:
    (wrong,) = own_detector_faults({"mine": written}, ["email"])
    assert wrong[:2] == (code, ("detectors", 0, field))


def test_id_of_a_shipped_detector_is_taken() -> None:
    (wrong,) = own_detector_faults({"email": detector("LY-[0-9]")}, ["email"])
    assert wrong[:2] == ("E01", ("detectors", 0))


def test_detector_that_does_not_find_its_example_is_refused_at_its_place() -> None:
    written = {"a": detector("LY-[0-9]"), "b": detector("LY-[0-9]", example="LX-1")}
    places: dict[Path, Place] = {("detectors", 1, "examples"): Place(7, 9)}
    entries = own_entries(written, places, "policy.yaml")
    (problem,) = prove(entries, time.process_time)
    assert str(problem).startswith("policy.yaml:7:9: E03 detectors[1].examples: ")
