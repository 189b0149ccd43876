from __future__ import annotations

import sys

import pytest

from extproc.policy_compile import Made, Order, make, make_in_child, read_answer
from tests.weirline.detect.sample import CARD, KEY
from weirline.policy.own_detector import own_detectors
from weirline.policy.parse import parse_policy
from weirline.scan import load_scanner

SHIPPED = (KEY, CARD)
TEXT = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
detectors:
  loyalty_id: {pattern: 'LY-[0-9]{9}', check: luhn,
               examples: [LY-123456782], not_examples: [LY-123456789]}
rules:
  - {id: a, find: {category: own}, do: [observe]}
"""
GOOD = Order(TEXT, "policy.yaml", SHIPPED)
BAD = Order(TEXT.replace("[LY-123456782]", "[LY-123456783]"), "policy.yaml", SHIPPED)


def finds(made: Made) -> list[str]:
    own = own_detectors(parse_policy(TEXT, "policy.yaml", SHIPPED).detectors)
    scanner = load_scanner((*SHIPPED, *own), made.database)
    assert scanner is not None
    return [one.detector for one in scanner.scan(b"x LY-123456782").findings]


@pytest.mark.slow
def test_child_compiles_what_a_policy_brings_with_what_ships() -> None:
    assert finds(make_in_child(GOOD)) == ["loyalty_id"]


@pytest.mark.slow
def test_child_tells_what_is_wrong_with_its_place() -> None:
    (problem,) = make_in_child(BAD).problems
    assert str(problem).startswith("policy.yaml:7:26: E03 detectors[0].examples: ")


def test_where_no_child_can_be_started_it_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert finds(make_in_child(GOOD)) == ["loyalty_id"]
    assert make_in_child(BAD).problems == make(BAD).problems


def test_answer_that_is_cut_short_is_made_here() -> None:
    assert finds(read_answer(b'{"database": "AAA', GOOD)) == ["loyalty_id"]
