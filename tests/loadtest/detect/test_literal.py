from __future__ import annotations

import random
import re

import pytest

from loadtest.detect.literal import detector_literals, pack_literals
from weirline.detect.detector import Context, Detector, Severity
from weirline.rulepack.shipped import shipped_detectors
from weirline.specimen import SPECIMENS


def detector(pattern: str, *, caseless: bool = False, context: Context | None = None) -> Detector:
    return Detector(
        id="some_kind",
        title="Some kind",
        category="secrets",
        severity=Severity.LOW,
        pattern=pattern,
        width=100,
        confidence=0.9,
        issuer="https://example.com",
        caseless=caseless,
        context=context,
    )


def literals(pattern: str, *, caseless: bool = False, context: Context | None = None) -> set[str]:
    found = detector_literals(detector(pattern, caseless=caseless, context=context))
    plain = {re.sub(r"\\x(..)", lambda code: chr(int(code[1], 16)), text) for text, _ in found}
    return {text + ("~" if any(caseless for _, caseless in found) else "") for text in plain}


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"\bghp_[0-9A-Za-z]{36}\b", {"ghp_"}),
        (r"(?:ab|cde)x[0-9]+", {"ab", "cde"}),
        (r"[0-9]{3}-(?:one|three)", {"one", "three"}),
        (r"(?:ab)?[0-9]{4}", set()),
        (r"[0-9]{3}-[0-9]{2}", set()),
        (r"\w@\w", {"@"}),
        (r"x{3}y", {"xxxy"}),
        (r"x{3,5}yz", {"xxx"}),
    ],
)
def test_literal_is_what_no_match_can_do_without(pattern: str, wanted: set[str]) -> None:
    assert literals(pattern) == wanted


def test_letters_of_either_case_are_one_literal() -> None:
    assert literals("key[0-9]", caseless=True) == {"[Kk][Ee][Yy]"}


def test_kind_of_digits_that_needs_a_word_has_the_words_for_literals() -> None:
    context = Context(words=("tax id", "tin"), required=True)
    assert literals("[0-9]{9}", context=context) == {"tax~", "tin~"}


def test_kind_of_digits_that_needs_no_word_has_none() -> None:
    assert literals("[0-9]{9}", context=Context(words=("tin",))) == set()


@pytest.mark.slow
def test_literals_of_the_pack_stand_in_every_value_of_their_kind(rng: random.Random) -> None:
    for each in shipped_detectors():
        found = detector_literals(each)
        if not found or each.id not in SPECIMENS or (each.context and each.context.required):
            continue
        for _ in range(5):
            specimen = SPECIMENS[each.id]
            text = specimen.key.encode() + b": " + specimen.valid(rng)
            assert any(
                re.search(one.encode(), text, re.IGNORECASE if caseless else 0)
                for one, caseless in found
            ), each.id


def test_literals_of_a_pack_are_named_once() -> None:
    found = pack_literals([detector("ab[0-9]"), detector("[0-9]ab")])
    assert [each.text for each in found] == [r"\x61\x62"]
