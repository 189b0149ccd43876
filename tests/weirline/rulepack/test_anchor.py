from __future__ import annotations

import re
from random import Random

import pytest

from weirline.rulepack.anchor import literal_anchor
from weirline.rulepack.expression import parse_expression
from weirline.rulepack.shipped import shipped_packs
from weirline.specimen.registry import SPECIMENS


def texts(pattern: str, *, caseless: bool = False) -> list[str]:
    anchor = literal_anchor(parse_expression(pattern, caseless=caseless))
    return [re.sub(r"\\x(..)", lambda found: chr(int(found[1], 16)), one.text) for one in anchor]


@pytest.mark.parametrize(
    ("pattern", "anchors"),
    [
        (r"\d{4}abcd\d", ["abcd"]),
        (r"\d(?:abc|xyz)\d", ["abc", "xyz"]),
        (r"\dab[cd]e\d", ["abce", "abde"]),
        (r"\d+abc|\d+defg", ["abc", "defg"]),
        (r"[a-z]+_key_(?:x|y)?[0-9]", ["_key_"]),
        (r"ab\d", []),
        (r"\d{9}", []),
        (r"x?1234\d", []),
        (r"(?:abcd)?\d{3}", []),
    ],
)
def test_literals_are_those_every_match_has_one_of(pattern: str, anchors: list[str]) -> None:
    assert texts(pattern) == anchors


def test_leading_literal_keeps_its_fence_and_a_few_classes() -> None:
    (anchor,) = literal_anchor(parse_expression(r"\bkey_[0-9a-f]{40}", caseless=False))
    assert anchor.text == r"\bkey_[0-9a-f]{6}"


def test_letters_of_either_case_make_a_caseless_literal() -> None:
    (anchor,) = literal_anchor(parse_expression(r"\d(?i:secret)\d", caseless=False))
    assert anchor.caseless


def test_no_value_of_a_shipped_kind_lacks_its_literal() -> None:
    rng = Random(20261125)
    tried = 0
    for detector in shipped_packs().detectors:
        anchor = literal_anchor(parse_expression(detector.pattern, caseless=detector.caseless))
        if not anchor or detector.id not in SPECIMENS:
            continue
        value = SPECIMENS[detector.id].valid(rng)
        whole = re.compile(detector.pattern.encode(), re.DOTALL)
        text = b" " + value + b" "
        if whole.search(text) is None:  # it needs a name before it
            continue
        tried += 1
        assert any(
            re.search(one.text.encode(), text, re.DOTALL | (re.IGNORECASE if one.caseless else 0))
            for one in anchor
        ), detector.id
    assert tried > 20
