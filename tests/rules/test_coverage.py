"""Each shipped kind finds values made from its issuer's specification, and not broken ones."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.rules.surrounding import SURROUNDINGS, WITHOUT_KEY
from weirline.detect.finding import Finding
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

VALUES = 20
KINDS = {detector.id: detector for detector in shipped_detectors("default")}

# In a key glued on, these take the key for a part of the value, and rightly so.
TAKES_ITS_KEY = {"email"}


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(tuple(KINDS.values()))


def test_default_pack_holds_51_kinds_with_a_specimen_each() -> None:
    assert len(KINDS) == 51
    assert set(KINDS) == set(SPECIMENS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kind_links_its_issuer(kind: str) -> None:
    assert KINDS[kind].issuer.startswith("https://")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_values_of_kind_are_found_whole_wherever_they_stand(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    places = SURROUNDINGS if specimen.needs_key else SURROUNDINGS | WITHOUT_KEY
    for _ in range(VALUES):
        value = specimen.valid(rng)
        for name, place in places.items():
            text, start, end = place.around(specimen.key, value)
            findings = scanner.scan(text).findings
            inside = [found for found in findings if found.start < end and found.end > start]
            assert kind in {found.detector for found in inside}, f"{kind} not found: {name}"
            assert _covered(inside, start, end), f"{kind} found in part only: {name}"
            if kind not in TAKES_ITS_KEY or name != "key glued on":
                assert inside[0].start == start, f"{kind} begins too early: {name}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_broken_values_are_not_found_as_that_kind(kind: str, rng: random.Random) -> None:
    specimen = SPECIMENS[kind]
    alone = build_scanner([KINDS[kind]])
    for _ in range(VALUES):
        value = specimen.broken(rng)
        for name, place in (SURROUNDINGS | WITHOUT_KEY).items():
            text, _, _ = place.around(specimen.key, value)
            assert not alone.scan(text).findings, f"{kind} found in a broken value: {name}"


@pytest.mark.parametrize("kind", sorted(kind for kind in KINDS if SPECIMENS[kind].needs_key))
def test_kind_without_a_mark_is_not_found_without_its_name(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    for _ in range(VALUES):
        for place in WITHOUT_KEY.values():
            text, _, _ = place.around("", SPECIMENS[kind].valid(rng))
            assert kind not in {found.detector for found in scanner.scan(text).findings}


def _covered(findings: Sequence[Finding], start: int, end: int) -> bool:
    for found in findings:
        if found.start <= start:
            start = max(start, found.end)
    return start >= end
