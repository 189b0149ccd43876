from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from ruamel.yaml import YAML

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.policy.parse import check_policy, parse_policy
from weirline.policy.warning import policy_warnings


def warned(body: str) -> list[tuple[str, str]]:
    policy = parse_policy(HEAD + body, "p", DETECTORS)
    return [(one.code, one.field) for one in policy_warnings(policy, "p")]


def test_exemption_that_any_client_can_claim_is_warned_of() -> None:
    rule = "rules: [{id: a, unless: %s, find: {category: payment}, do: [observe]}]\n"
    for asked in ("{header: {x-a: b}}", "{query: {a: b}}", "{any: [{header: {x-a: b}}]}"):
        assert warned(rule % asked) == [("W01", "rules[0].unless")]
    named = "selectors: {s: {header: {x-a: b}}}\n" + rule % "s"
    assert warned(named) == [("W01", "rules[0].unless")]
    assert warned(rule % "{address: 10.0.0.1}") == []


def test_claim_of_an_unverified_token_is_warned_of_and_of_a_verified_one_not() -> None:
    rule = "rules: [{id: a, when: {claim: {r: g}}, find: {category: payment}, do: [observe]}]\n"
    token = "defaults: {token: {header: authorization, jwt: {%s}}}\n"
    assert warned(token % "" + rule) == [("W01", "rules[0].when")]
    assert warned(token % "verify: mesh" + rule) == []


def test_parts_that_no_rule_uses_are_named() -> None:
    body = """\
categories: {a: {detect: [email]}, b: {detect: [a, iban]}, c: {detect: [email]}}
selectors: {s: {method: GET}, t: {method: PUT}, u: {method: POST}}
rules: [{id: x, when: {any: [s, {method: PUT}]}, find: {category: b}, do: [observe]}]
exceptions: [{rule: x, when: t, reason: r, owner: o, until: 2999-01-31}]
"""
    assert warned(body) == [("W02", "selectors[2]"), ("W02", "categories[2]")]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    why: str
    policy: str
    problems: list[str]


CASES = Path(__file__).parents[2] / "cases" / "policy_warnings.yaml"
ROWS = msgspec.convert(YAML(typ="safe").load(CASES.read_text(encoding="utf-8")), list[Row])


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_warnings_are_exactly_these_in_the_order_of_the_text(row: Row) -> None:
    checked = check_policy(row.policy, "policy.yaml", DETECTORS)
    warnings = policy_warnings(checked.policy, "policy.yaml", checked.places)
    assert [str(one) for one in warnings] == row.problems
