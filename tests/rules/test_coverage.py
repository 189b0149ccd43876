"""Each shipped kind finds values made from its issuer's specification, and not broken ones."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.rules.surrounding import SURROUNDINGS, WITHOUT_KEY, Surrounding
from weirline.detect.finding import Finding
from weirline.rulepack.shipped import shipped_detectors, shipped_packs
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

VALUES = 3
KINDS = {detector.id: detector for detector in shipped_detectors("default")}

# In a key glued on, these take the key for a part of the value, and rightly so.
TAKES_ITS_KEY = {"email", "ruby_backtrace"}
GLUED = "key glued on"


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(tuple(KINDS.values()))


def test_every_kind_of_the_default_pack_has_a_specimen() -> None:
    assert len(KINDS) > 100
    assert set(KINDS) <= set(SPECIMENS)


def test_every_specimen_is_of_a_shipped_kind() -> None:
    assert set(SPECIMENS) <= {detector.id for detector in shipped_packs().detectors}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kind_links_its_issuer(kind: str) -> None:
    assert KINDS[kind].issuer.startswith("https://")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_values_of_kind_are_found_whole_wherever_they_stand(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    alone = build_scanner([KINDS[kind]])
    for _ in range(VALUES):
        value = specimen.valid(rng)
        for name, place in _places(kind).items():
            text, start, end = place.around(specimen.key, value)
            (found, *_) = _inside(alone, text, start, end) or (None,)
            assert found is not None, f"{kind} not found: {name}"
            if kind not in TAKES_ITS_KEY or name != GLUED:
                assert found.start == start, f"{kind} begins too early: {name}"
            inside = _inside(scanner, text, start, end)
            assert _covered(inside, start, end), f"{kind} found in part only: {name}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_broken_values_are_not_found_as_that_kind(kind: str, rng: random.Random) -> None:
    specimen = SPECIMENS[kind]
    alone = build_scanner([KINDS[kind]])
    for _ in range(VALUES):
        value = specimen.broken(rng)
        for name, place in (SURROUNDINGS | WITHOUT_KEY).items():
            text, start, end = place.around(specimen.key, value)
            found = _inside(alone, text, start, end)
            assert not found, f"{kind} found in a broken value: {name}"


@pytest.mark.parametrize("kind", sorted(kind for kind in KINDS if SPECIMENS[kind].needs_key))
def test_kind_without_a_mark_is_not_found_without_its_name(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    for _ in range(VALUES):
        for place in WITHOUT_KEY.values():
            text, _, _ = place.around("", SPECIMENS[kind].valid(rng))
            assert kind not in {found.detector for found in scanner.scan(text).findings}


def _places(kind: str) -> dict[str, Surrounding]:
    places = SURROUNDINGS if SPECIMENS[kind].needs_key else SURROUNDINGS | WITHOUT_KEY
    if KINDS[kind].category == "server_internals":  # no server glues a name to its messages
        return {name: place for name, place in places.items() if name != GLUED}
    return places


def _inside(scanner: TextScanner, text: bytes, start: int, end: int) -> list[Finding]:
    found = scanner.scan(text).findings
    return [one for one in found if one.start < end and one.end > start]


def _covered(findings: Sequence[Finding], start: int, end: int) -> bool:
    for found in findings:
        if found.start <= start:
            start = max(start, found.end)
    return start >= end
