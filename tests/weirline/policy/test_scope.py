from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.policy.vocabulary import DETECTORS, HEAD, compiled, finding, request, response
from weirline.detect.finding import Finding
from weirline.policy.decision import Block, Decision, Mask
from weirline.policy.evaluate import compile_policy
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Rule
from weirline.policy.scope import Scope

CARD = finding("payment_card")
EMAIL = finding("email", 20)
SSN = finding("us_ssn", 40)


def scope(rules: str, head: str = HEAD) -> Scope:
    return compiled("rules:\n" + rules, head).scope(response())


def outcome(decision: Decision) -> list[tuple[str, str, str, bool]]:
    return [
        (ruling.finding.detector, ruling.action, ruling.rule, ruling.shadow)
        for ruling in decision.rulings
    ]


def test_finding_that_no_rule_selects_is_observed() -> None:
    decision = scope("- {id: a, find: {category: identity}, do: [observe]}").decide([CARD])
    assert decision.redactions == ()
    assert decision.block is None
    assert outcome(decision) == [("payment_card", "observe", "", False)]


def test_redact_rule_masks_only_its_own_findings() -> None:
    decision = scope(
        "- {id: a, find: {category: payment}, do: [{redact: {mask: {keep_last: 4}}}]}"
    ).decide([CARD, EMAIL])
    assert [(one.finding, one.mask) for one in decision.redactions] == [(CARD, Mask(0, 4))]
    assert outcome(decision) == [
        ("payment_card", "redact", "a", False),
        ("email", "observe", "", False),
    ]


def test_block_beats_redact_and_redact_beats_observe_on_the_same_value() -> None:
    rules = [
        "- {id: a, find: {category: payment}, do: [observe]}\n",
        "- {id: b, find: {category: payment}, do: [{redact: {mask: {}}}]}\n",
        "- {id: c, when: {direction: response}, find: {category: payment}, do: [{block: {}}]}\n",
    ]
    decision = scope("".join(rules)).decide([CARD])
    assert decision.block == Block()
    assert decision.redactions == ()
    assert outcome(decision) == [("payment_card", "block", "c", False)]
    assert outcome(scope("".join(rules[:2])).decide([CARD])) == [
        ("payment_card", "redact", "b", False)
    ]


def test_of_two_masks_the_one_that_shows_less_wins() -> None:
    decision = scope(
        "- {id: a, find: {category: payment}, do: [{redact: {mask: {keep_last: 4}}}]}\n"
        "- {id: b, find: {category: payment}, do: [{redact: {mask: {keep_first: 1}}}]}\n"
    ).decide([CARD])
    assert [one.mask for one in decision.redactions] == [Mask(keep_first=1)]


def test_of_two_blocks_the_one_of_the_most_severe_category_answers() -> None:
    decision = scope(
        "- {id: a, when: {direction: response}, find: {category: identity},"
        " do: [{block: {status: 404}}]}\n"
        "- {id: b, when: {direction: response}, find: {category: payment},"
        " do: [{block: {status: 451, body: stop}}]}\n"
    ).decide([CARD, SSN])
    assert decision.block == Block(451, b"stop", "text/plain; charset=utf-8")


def test_block_body_that_is_json_is_labelled_as_json() -> None:
    decision = scope(
        "- {id: b, when: {direction: response}, find: {category: payment},"
        " do: [{block: {body: '{\"a\":1}'}}]}"
    ).decide([CARD])
    assert decision.block == Block(403, b'{"a":1}', "application/json")


def test_shadow_rule_is_counted_and_changes_nothing() -> None:
    shadowed = scope(
        "- {id: a, find: {category: payment}, mode: shadow, do: [{block: {}}]}",
    )
    decision = shadowed.decide([CARD])
    assert shadowed.reads
    assert not shadowed.enforces
    assert decision.block is None
    assert outcome(decision) == [("payment_card", "block", "a", True)]


def test_shadow_policy_puts_every_rule_in_shadow() -> None:
    decision = scope(
        "- {id: a, find: {category: payment}, do: [{redact: {mask: {}}}]}",
        HEAD.replace("enforce", "shadow"),
    ).decide([CARD])
    assert decision.redactions == ()
    assert outcome(decision) == [("payment_card", "redact", "a", True)]


def test_masked_finding_also_tells_what_a_stricter_shadow_rule_would_do() -> None:
    decision = scope(
        "- {id: a, find: {category: payment}, do: [{redact: {mask: {}}}]}\n"
        "- {id: b, find: {category: payment}, mode: shadow, do: [{block: {}}]}\n"
        "- {id: c, find: {category: payment}, mode: shadow, do: [observe]}\n"
    ).decide([CARD])
    assert len(decision.redactions) == 1
    assert outcome(decision) == [
        ("payment_card", "redact", "a", False),
        ("payment_card", "block", "b", True),
    ]


def test_rule_waits_for_its_number_of_matches() -> None:
    bulk = scope("- {id: a, find: {category: payment, at_least: 3}, do: [{redact: {mask: {}}}]}")
    cards = [finding("payment_card", start) for start in (0, 10, 20)]
    assert outcome(bulk.decide(cards[:2])) == [("payment_card", "observe", "", False)] * 2
    assert len(bulk.decide(cards).redactions) == 3


def test_matches_of_earlier_chunks_count_where_the_counter_is_kept() -> None:
    bulk = scope("- {id: a, find: {category: payment, at_least: 3}, do: [{redact: {mask: {}}}]}")
    earlier: Counter[str] = Counter()
    assert not bulk.decide([CARD, EMAIL], earlier).redactions
    assert not bulk.decide([CARD], earlier).redactions
    assert len(bulk.decide([CARD], earlier).redactions) == 1
    assert len(bulk.decide([CARD], earlier).redactions) == 1


def test_finding_below_the_least_confidence_does_not_count() -> None:
    floor = compiled(
        "categories: {sure: {detect: [payment], min_confidence: 0.7}}\n"
        "rules:\n- {id: a, find: {category: sure, at_least: 2}, do: [{redact: {mask: {}}}]}\n"
    ).scope(response())
    weak = finding("payment_card", 60, confidence=0.6)
    assert not floor.decide([CARD, weak]).redactions
    assert len(floor.decide([CARD, finding("iban", 70, confidence=0.7)]).redactions) == 2


def test_findings_can_be_counted_without_any_rule() -> None:
    decision = scope("- {id: a, find: {category: secrets}, do: [{redact: {mask: {}}}]}").observe(
        [finding("api_key")]
    )
    assert decision.redactions == ()
    assert outcome(decision) == [("api_key", "observe", "", False)]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("observe", (True, False, False, False)),
        ("{redact: {mask: {}}}", (True, True, False, True)),
        ("{block: {}}", (True, False, True, True)),
    ],
)
def test_scope_tells_what_it_may_do(action: str, expected: tuple[bool, bool, bool, bool]) -> None:
    one = scope(
        f"- {{id: a, when: {{direction: response}}, find: {{category: payment}}, do: [{action}]}}"
    )
    assert (one.reads, one.redacts, one.blocks, one.enforces) == expected
    other = compiled(
        f"rules:\n- {{id: a, when: {{direction: response}},"
        f" find: {{category: payment}}, do: [{action}]}}"
    ).scope(request())
    assert not other.reads
    assert outcome(other.decide([CARD])) == [("payment_card", "observe", "", False)]


RULES = (
    "- {id: a, find: {category: payment}, do: [observe]}",
    "- {id: b, find: {category: payment}, do: [{redact: {mask: {keep_first: 2, keep_last: 2}}}]}",
    "- {id: c, find: {category: [payment, contact]}, do: [{redact: {mask: {keep_last: 4}}}]}",
    "- {id: d, when: {method: GET}, find: {category: identity}, do: [{block: {status: 404}}]}",
    "- {id: e, when: {host: api.shop.example}, find: {category: identity},"
    " do: [{block: {status: 410}}]}",
    "- {id: f, find: {category: contact}, mode: shadow, do: [{block: {}}]}",
    "- {id: g, find: {category: contact}, mode: shadow, do: [{redact: {mask: {}}}]}",
)
PARSED = parse_policy(HEAD + "rules:\n" + "\n".join(RULES), "policy.yaml", DETECTORS)
FINDINGS: Sequence[Finding] = (CARD, EMAIL, SSN)


@pytest.mark.slow
@given(
    chosen=st.lists(st.sampled_from(PARSED.rules), min_size=2, max_size=4, unique=True),
    findings=st.sets(st.sampled_from(FINDINGS), min_size=1),
)
def test_order_of_rules_never_matters(chosen: list[Rule], findings: set[Finding]) -> None:
    found = sorted(findings, key=lambda one: one.start)
    policies = (msgspec.structs.replace(PARSED, rules=order) for order in permutations(chosen))
    decisions = {
        compile_policy(policy, DETECTORS).scope(response()).decide(found) for policy in policies
    }
    assert len(decisions) == 1
