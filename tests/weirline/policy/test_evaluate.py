from __future__ import annotations

import time
import timeit

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD, compiled, request, response
from weirline.errors import FlowUsageError
from weirline.policy.evaluate import compile_policy
from weirline.policy.facts import Direction, Facts
from weirline.policy.observe_only import OBSERVE_ONLY
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Mode

MASK = "find: {category: payment}, do: [{redact: {mask: {}}}]"


def reads(when: str, body: str = "") -> tuple[bool, bool]:
    """Whether a rule with this condition looks at a request, and at its response."""
    policy = compiled(f"{body}rules:\n- {{id: a, {when}, {MASK}}}")
    return policy.scope(request()).reads, policy.scope(response()).reads


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("mode: enforce", (True, True)),
        ("when: {direction: response}", (False, True)),
        ("when: {direction: request}", (True, False)),
        ("when: {host: API.shop.example}", (True, True)),
        ('when: {host: "*.shop.example"}', (True, True)),
        ('when: {host: "*.example"}', (True, True)),
        ('when: {host: "*.api.shop.example"}', (False, False)),
        ("when: {host: [other.example, api.shop.example]}", (True, True)),
        ("when: {host: shop.example}", (False, False)),
        ("when: {path: '/v1/customers/{id}'}", (True, True)),
        ("when: {path: '/v1/*/7'}", (True, True)),
        ("when: {path: '/v1/**'}", (True, True)),
        ("when: {path: /v1/customers}", (False, False)),
        ("when: {method: [PUT, GET]}", (True, True)),
        ("when: {method: PUT}", (False, False)),
        ("when: {content_type: application/json}", (False, True)),
        ("when: {content_type: 'Application/*'}", (False, True)),
        ("when: {content_type: 'text/*'}", (False, False)),
        ("when: {method: GET, path: '/v2/**'}", (False, False)),
        ("when: {all: [{method: GET}, {direction: response}]}", (False, True)),
        ("when: {any: [{method: PUT}, {direction: request}]}", (True, False)),
        ("when: {method: GET, any: [{path: /x}, {host: y.example}]}", (False, False)),
        ("unless: {direction: request}", (False, True)),
        ("when: {method: GET}, unless: {path: '/v1/**'}", (False, False)),
        ("unless: {any: [{method: PUT}, {content_type: application/json}]}", (True, False)),
    ],
)
def test_condition_selects_the_messages_it_says(when: str, expected: tuple[bool, bool]) -> None:
    assert reads(when) == expected


def test_named_selectors_stand_for_what_they_say() -> None:
    body = "selectors: {out: {direction: response}, put: {method: PUT}}\n"
    assert reads("when: out", body) == (False, True)
    assert reads("when: {any: [put, out]}", body) == (False, True)
    assert reads("when: {all: [put, out]}", body) == (False, False)
    assert reads("unless: out", body) == (True, False)


def test_path_in_disguise_is_protected_and_never_exempt() -> None:
    protect = compiled(f"rules:\n- {{id: a, when: {{path: '/v1/customers/{{id}}'}}, {MASK}}}")
    exempt = compiled(f"rules:\n- {{id: a, unless: {{path: '/v1/customers/{{id}}'}}, {MASK}}}")
    for path in (
        "//v1/customers/7",
        "/v1/./customers/7",
        "/v1/x/../customers/7",
        "/v1/%63ustomers/7",
        "/v1/customers/7/",
        "/v1;a=b/customers/7",
        "/v1\\customers\\7",
    ):
        assert protect.scope(response(path)).reads, path
        assert exempt.scope(response(path)).reads, path
    assert not exempt.scope(response("/v1/customers/7")).reads


def test_host_with_the_dot_of_the_root_is_the_same_host() -> None:
    policy = compiled(f"rules:\n- {{id: a, when: {{host: api.shop.example}}, {MASK}}}")
    assert policy.scope(response(host="api.shop.example.")).reads
    assert not policy.scope(response(host="a." * 30_000 + "x")).reads


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (f"when: {{direction: response, content_type: application/json}}, {MASK}", True),
        (f"unless: {{content_type: 'text/*'}}, {MASK}", True),
        (f"when: {{direction: request}}, {MASK}", False),
        (f"when: {{path: '/v2/**'}}, {MASK}", False),
        (f"mode: shadow, {MASK}", False),
        ("find: {category: payment}, do: [observe]", False),
        ("when: {direction: response}, find: {category: payment}, do: [{block: {}}]", True),
    ],
)
def test_request_tells_whether_its_response_may_be_changed(rule: str, expected: bool) -> None:
    policy = compiled(f"rules:\n- {{id: a, {rule}}}")
    assert policy.request_scopes(request())[1].enforces is expected


def test_content_type_of_the_request_says_nothing_about_that_of_the_response() -> None:
    policy = compiled(f"rules:\n- {{id: a, unless: {{content_type: application/json}}, {MASK}}}")
    posted = Facts(Direction.REQUEST, "POST", "api.shop.example", "/", "application/json")
    assert not policy.scope(posted).reads
    assert policy.request_scopes(posted)[1].enforces


def test_name_mode_and_defaults_are_those_of_the_policy() -> None:
    policy = compiled(f"rules:\n- {{id: a, {MASK}}}")
    assert (policy.name, policy.mode, policy.fail_open) == ("shop", Mode.ENFORCE, False)
    shadow = compiled(f"rules:\n- {{id: a, {MASK}}}", HEAD.replace("enforce", "shadow"))
    assert (shadow.mode, shadow.fail_open) == (Mode.SHADOW, True)
    assert compiled(f"defaults: {{scanner_down: allow}}\nrules:\n- {{id: a, {MASK}}}").fail_open


def test_built_in_policy_looks_everywhere_and_enforces_nothing() -> None:
    policy = compile_policy(parse_policy(OBSERVE_ONLY, "built-in", DETECTORS), DETECTORS)
    for facts in (request(), response()):
        assert policy.scope(facts).reads
        assert not policy.scope(facts).enforces
    assert not policy.request_scopes(request())[1].enforces
    assert policy.fail_open


def test_policy_checked_against_other_detectors_is_refused() -> None:
    text = (
        HEAD + "categories: {c: {detect: [iban]}}\nrules:\n- {id: a, find: {category: c},"
        " do: [observe]}\n"
    )
    policy = parse_policy(text, "policy.yaml", DETECTORS)
    with pytest.raises(FlowUsageError):
        compile_policy(policy, DETECTORS[:1])


def test_scopes_are_kept_by_what_matches_not_by_what_is_sent() -> None:
    policy = compiled(f"rules:\n- {{id: a, when: {{path: '/v1/**'}}, {MASK}}}")
    scopes = {id(policy.scope(response(f"/v1/{number}"))) for number in range(2000)}
    scopes |= {id(policy.scope(response(f"/v2/{number}"))) for number in range(2000)}
    assert len(scopes) == 2


def cpu_seconds(rules: int) -> float:
    """CPU time of a thousand scopes under a policy of so many rules, each with its own path."""
    policy = compiled(
        "rules:\n"
        + "".join(
            f"- {{id: r{number}, when: {{path: '/v1/s{number}/{{id}}', method: GET}}, {MASK}}}\n"
            for number in range(rules)
        )
    )
    facts = response("/v1/s3/7")
    assert len(policy.scope(facts).rules) == 1
    calls = timeit.Timer(lambda: policy.scope(facts), timer=time.process_time)
    return min(calls.repeat(number=1000, repeat=5))


def test_scope_costs_no_more_with_many_rules_than_with_few() -> None:
    few, many = cpu_seconds(4), cpu_seconds(60)
    print(f"a scope: {few * 1000:.2f} us with 4 rules, {many * 1000:.2f} us with 60")
    assert many < 3 * few
