"""In a stream no shipped kind lets the first half of a value go before the second has come.

A value is cut at every place; what a scanner says is still open must then begin no later than the
value. Kinds that wait from their literal on may let a part of that literal go, never more.
"""

from __future__ import annotations

import random

import pytest

from tests.rules.surrounding import SURROUNDINGS
from weirline.detect.detector import StreamUse
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

KINDS = {detector.id: detector for detector in shipped_detectors("default")}
HELD = sorted(kind for kind, found in KINDS.items() if found.stream is not StreamUse.OBSERVE)
ANCHORS = {"private_key": b"-----BEGIN", "jwt": b"eyJ"}
PLACES = ("compact json", "line", "csv")
VALUES = 2


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(tuple(KINDS.values()))


@pytest.mark.slow
@pytest.mark.parametrize("kind", HELD)
def test_value_cut_anywhere_is_held_from_its_start(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    anchor = ANCHORS.get(kind, b"")
    for place in PLACES:
        for _ in range(VALUES):
            value = specimen.valid(rng)[:400]
            text, start, end = SURROUNDINGS[place].around(specimen.key, value)
            for cut in range(start + max(len(anchor), 1), end):
                opened = scanner.open_from(text[:cut])
                assert opened <= start, f"{kind} let go after {cut - start} bytes: {place}"


def test_only_long_kinds_wait_from_their_literal_on() -> None:
    from_anchor = {kind for kind, found in KINDS.items() if found.stream is StreamUse.FROM_ANCHOR}
    assert from_anchor == set(ANCHORS)


def test_ordinary_words_are_let_go_but_for_the_last(scanner: TextScanner) -> None:
    text = b"The quick brown fox jumps over the lazy dog and then sleeps in the sun"
    assert scanner.open_from(text) >= text.rindex(b" ")
