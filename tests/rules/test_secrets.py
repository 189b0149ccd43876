"""The pack of secrets tells them from what looks like them, in code, settings and prose."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from tests.rules.secret_place import INNOCENT, KEYS, PASSWORD_KEYS, PLACES, WRITTEN
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS
from weirline.specimen.randomness import ALNUM, HEX, letters

VALUES = 2
LEAST_KINDS = 400
MACRO_F1 = 0.95
EXACT = 0.98
RECALL = 0.95
KINDS = {detector.id: detector for detector in shipped_detectors("secrets")}


@dataclass(slots=True)
class Tally:
    """What came of one kind; owned by one test."""

    found: int = 0
    exact: int = 0
    missed: int = 0
    false: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / (2 * self.found + self.missed + self.false)


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(tuple(KINDS.values()))


def test_pack_holds_every_secret_kind_and_most_have_a_maker() -> None:
    assert len(KINDS) >= LEAST_KINDS
    assert all(detector.category == "secrets" for detector in KINDS.values())
    assert len(KINDS.keys() & SPECIMENS.keys()) >= LEAST_KINDS


@pytest.mark.slow
def test_kinds_are_told_apart_from_each_other_and_from_broken_values(
    scanner: TextScanner, rng: random.Random
) -> None:
    tallies = {
        kind: _tally(KINDS[kind], scanner, rng) for kind in sorted(KINDS) if kind in SPECIMENS
    }
    worst = sorted(tallies, key=lambda kind: tallies[kind].f1)[:20]
    print({kind: round(tallies[kind].f1, 2) for kind in worst})
    assert sum(tally.f1 for tally in tallies.values()) / len(tallies) >= MACRO_F1
    found = sum(tally.found for tally in tallies.values())
    assert sum(tally.exact for tally in tallies.values()) / found >= EXACT


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_named_secret_is_found_however_it_is_written(
    name: str, scanner: TextScanner, rng: random.Random
) -> None:
    missed: list[str] = []
    for key in KEYS + PASSWORD_KEYS:
        size = 12 if key in PASSWORD_KEYS else 32
        for alphabet in (ALNUM, HEX):
            value = letters(rng, alphabet, size) + (b"!q" if key in PASSWORD_KEYS else b"")
            text, start, end = _placed(WRITTEN[name], key, value)
            if not _over(scanner, text, start, end):
                missed.append(key)
    assert len(missed) <= (len(KEYS) + len(PASSWORD_KEYS)) * 2 * (1 - RECALL) + 1, missed


@pytest.mark.slow
@pytest.mark.parametrize("text", INNOCENT)
def test_line_that_looks_like_a_secret_is_none(text: str, scanner: TextScanner) -> None:
    assert not [found.detector for found in scanner.scan(text.encode()).findings]


@pytest.mark.slow
def test_kind_of_a_provider_beats_the_general_one(scanner: TextScanner, rng: random.Random) -> None:
    value = SPECIMENS["datadog_api_key"].valid(rng)
    for text in (b'datadog_api_key = "%b"' % value, b'{"datadogApiKey":"%b"}' % value):
        (found,) = scanner.scan(text).findings
        assert found.detector == "datadog_api_key"


def _tally(detector: Detector, scanner: TextScanner, rng: random.Random) -> Tally:
    specimen, tally = SPECIMENS[detector.id], Tally()
    for place in PLACES.values():
        for _ in range(VALUES):
            text, start, end = _placed(place, specimen.key, specimen.valid(rng))
            own = [
                each for each in _over(scanner, text, start, end) if each.detector == detector.id
            ]
            tally.found += bool(own)
            tally.missed += not own
            tally.exact += any((each.start, each.end) == (start, end) for each in own)
            text, start, end = _placed(place, specimen.key, specimen.broken(rng))
            tally.false += any(each.detector == detector.id for each in scanner.scan(text).findings)
    return tally


def _placed(place: str, key: str, value: bytes) -> tuple[bytes, int, int]:
    mark = "\x01"
    before, _, after = place.format(k=key, v=mark).partition(mark)
    start = len(before)
    return before.encode() + value + after.encode(), start, start + len(value)


def _over(scanner: TextScanner, text: bytes, start: int, end: int) -> list[Finding]:
    return [each for each in scanner.scan(text).findings if each.start < end and each.end > start]
