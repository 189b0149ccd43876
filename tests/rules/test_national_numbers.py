"""National numbers, right and wrong, under their labels: how many are found, and as what.

Each value stands four times: as JSON, in a form, in a sentence, in a header line. Right is a
finding of that kind with that span; a wrong value must not be found as its kind. The label is the
first name the detector's file gives, so nothing here says which country a value is from.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from weirline.detect.detector import Detector
from weirline.rulepack.shipped import shipped_packs
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS
from weirline.specimen.identity_americas import NUMBERS as AMERICAS
from weirline.specimen.identity_asia_pacific import NUMBERS as ASIA_PACIFIC
from weirline.specimen.identity_eastern_europe import NUMBERS as EASTERN_EUROPE
from weirline.specimen.identity_international import NUMBERS as INTERNATIONAL
from weirline.specimen.identity_middle_east_africa import NUMBERS as MIDDLE_EAST_AFRICA
from weirline.specimen.identity_northern_europe import NUMBERS as NORTHERN_EUROPE
from weirline.specimen.identity_western_europe import NUMBERS as WESTERN_EUROPE

REGIONS = {
    "americas": AMERICAS,
    "asia_pacific": ASIA_PACIFIC,
    "eastern_europe": EASTERN_EUROPE,
    "international": INTERNATIONAL,
    "middle_east_africa": MIDDLE_EAST_AFRICA,
    "northern_europe": NORTHERN_EUROPE,
    "western_europe": WESTERN_EUROPE,
}
KINDS = [number.kind for numbers in REGIONS.values() for number in numbers]
DETECTORS = {detector.id: detector for detector in shipped_packs().detectors}
VALUES = 1


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner([DETECTORS[kind] for kind in KINDS])


def test_there_are_kinds_of_ninety_countries_and_each_has_one_maker() -> None:
    assert len(KINDS) == len(set(KINDS)) > 300
    assert len({kind.partition("_")[0] for kind in KINDS}) > 90
    assert {SPECIMENS[kind].kind for kind in KINDS} == set(KINDS)


def test_kind_that_is_found_without_its_name_has_two_checks_or_a_rare_shape() -> None:
    alone = {kind for kind in KINDS if not _required(DETECTORS[kind])}
    assert alone == {"cn_ric", "in_gstin", "it_codicefiscale", "mx_curp"}
    assert all(SPECIMENS[kind].needs_key == _required(DETECTORS[kind]) for kind in KINDS)


@pytest.mark.slow
def test_macro_f1_of_all_kinds_is_at_least_095(scanner: TextScanner, rng: random.Random) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for kind in KINDS:
        for _ in range(VALUES):
            for text, start, end in _places(kind, SPECIMENS[kind].valid(rng)):
                found = {(one.detector, one.start, one.end) for one in scanner.scan(text).findings}
                hit = (kind, start, end) in found
                right[kind] += hit
                missed[kind] += not hit
                wrong.update(name for name, *_ in found - {(kind, start, end)})
            for text, _, _ in _places(kind, SPECIMENS[kind].broken(rng)):
                wrong.update(one.detector for one in scanner.scan(text).findings)
    scores = {
        kind: 2 * right[kind] / (2 * right[kind] + missed[kind] + wrong[kind]) for kind in KINDS
    }
    print("\n".join(f"{kind} {score:.3f}" for kind, score in sorted(scores.items()) if score < 0.9))
    macro = sum(scores.values()) / len(scores)
    print(f"macro F1 of {len(scores)} kinds: {macro:.3f}")
    assert macro >= 0.95


def _required(detector: Detector) -> bool:
    return detector.context is not None and detector.context.required


def _places(kind: str, value: bytes) -> list[tuple[bytes, int, int]]:
    context = DETECTORS[kind].context
    label = context.words[0] if context else kind
    key = label.replace(" ", "_")
    around = (
        (f'{{"{key}":"', '","ok":true}'),
        (f"{key}=", "&b=2"),
        (f"My {label} is ", ", please note it."),
        (f"X-{label.title().replace(' ', '-')}: ", "\r\n"),
    )
    return [
        (before.encode() + value + after.encode(), size := len(before.encode()), size + len(value))
        for before, after in around
    ]
