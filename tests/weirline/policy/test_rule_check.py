"""The faults themselves are pairs in tests/cases/policy_errors; here is what they are built on."""

from __future__ import annotations

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.errors import PolicyError
from weirline.policy.parse import parse_policy
from weirline.policy.rule_check import asks_claim, verifies
from weirline.policy.selector import Condition, Selector

RULES = """\
rules: [{id: a, when: {path: /x}, do: [{block: {}}]}]
exceptions: [{rule: a, when: {method: GET}, reason: r, owner: o, until: 2030-01-31}]
"""


def test_claim_is_found_in_named_selectors_and_in_parts() -> None:
    selectors = {"staff": Selector(claim={"role": "staff"}), "plain": Selector(method="GET")}
    assert asks_claim("staff", selectors)
    assert asks_claim(Condition(any=(Condition(all=("plain", "staff")),)), selectors)
    assert not asks_claim(Condition(all=("plain",)), selectors)
    assert not asks_claim("unknown", selectors)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("{header: authorization, jwt: {verify: mesh}}", True),
        ("{header: authorization, jwt: {}}", False),
        ("{cookie: session}", False),
    ],
)
def test_policy_verifies_where_it_names_keys(token: str, expected: bool) -> None:
    text = HEAD + f"defaults: {{token: {token}}}\n" + RULES
    assert verifies(parse_policy(text, "p", DETECTORS)) is expected


def test_past_exception_is_a_fault_when_submitted_and_none_where_it_runs() -> None:
    assert parse_policy(HEAD + RULES, "p", DETECTORS, today="2030-01-31").exceptions
    assert parse_policy(HEAD + RULES, "p", DETECTORS).exceptions
    with pytest.raises(PolicyError, match=r"E09 exceptions.0..until: this date is past"):
        parse_policy(HEAD + RULES, "p", DETECTORS, today="2030-02-01")
