from __future__ import annotations

import gc
import random
import time

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, compiled, request, response
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.facts import Direction, Facts
from weirline.policy.policy import Find, Metadata, Mode, Policy, Rule
from weirline.policy.scope import Scope
from weirline.policy.selector import Condition


def ids(scope: Scope) -> list[str]:
    return [rule.id for rule in scope.rules]


def test_index_leaves_no_rule_out_that_looks_at_a_message() -> None:
    rng = random.Random(7)
    conditions = [
        "direction: request",
        "direction: response",
        "host: [a.example, b.example]",
        "host: '*.example'",
        "method: [GET, PUT]",
        "path: '/v1/**'",
        "content_type: application/json",
        "any: [{host: a.example}, {method: PUT}]",
        "all: [{host: b.example}, {any: [{direction: request}, {method: GET}]}]",
    ]
    chosen = [rng.sample(conditions, rng.randint(1, 2)) for _ in range(300)]
    rules = "".join(
        f"- {{id: r{number}, when: {{{', '.join(parts)}}},"
        " find: {category: payment}, do: [observe]}\n"
        for number, parts in enumerate(chosen)
        if len({part.partition(":")[0] for part in parts}) == len(parts)
        and not any(part.startswith("all") for part in parts)
    )
    policy = compiled(
        "rules:\n" + rules + "- {id: all, find: {category: payment}, do: [observe]}\n"
    )
    every = policy.every_rule.rules
    for host in ("a.example", "b.example", "c.test"):
        for method in ("GET", "PUT", "POST"):
            for direction in Direction:
                facts = Facts(direction, method, host, "/v1/x", "application/json")
                atoms = policy._matcher.match(facts)
                expected = [rule.id for rule in every if rule.looks_at(direction, atoms)]
                assert ids(policy.scope(facts)) == expected


def test_rules_of_the_other_direction_are_not_asked() -> None:
    policy = compiled(
        "rules:\n"
        "- {id: q, when: {direction: request}, find: {category: payment}, do: [observe]}\n"
        "- {id: a, when: {direction: response}, find: {category: payment}, do: [observe]}\n"
    )
    assert ids(policy.scope(request())) == ["q"]
    assert ids(policy.scope(response())) == ["a"]


def _of(size: int) -> Policy:
    find = Find("payment")
    rules = tuple(
        Rule(f"r{number}", ("observe",), find, Condition(host=f"h{number}.example"))
        for number in range(size)
    )
    return Policy("weirline/v1", "Policy", Metadata("large"), Mode.ENFORCE, rules)


def _compiled(policy: Policy) -> tuple[CompiledPolicy, float]:
    best = float("inf")
    gc.disable()  # what it looks through is what all the other tests have left behind
    try:
        for _ in range(5):
            begin = time.process_time()
            compiled_policy = compile_policy(policy, DETECTORS)
            best = min(best, time.process_time() - begin)
    finally:
        gc.enable()
    return compiled_policy, best


def _evaluated(policy: CompiledPolicy) -> float:
    facts = [Facts(Direction.RESPONSE, "GET", f"h{n % 90}.example", "/") for n in range(5_000)]
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        for one in facts:
            policy.scope(one)
        best = min(best, time.process_time() - begin)
    return best


@pytest.mark.alone
def test_ten_thousand_rules_cost_at_most_twice_a_hundred_and_compile_in_proportion() -> None:
    small, _ = _compiled(_of(100))
    _, thousand_s = _compiled(_of(1_000))
    large, ten_thousand_s = _compiled(_of(10_000))
    assert ten_thousand_s <= 12 * thousand_s
    assert _evaluated(large) <= 2 * _evaluated(small)
