from __future__ import annotations

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.policy.diff import policy_diff
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Policy

A = "- {id: a, when: {path: /a}, find: {category: payment}, do: [{block: {}}]}\n"
B = "- {id: b, find: {category: contact}, do: [observe]}\n"


def read(rules: str, head: str = HEAD) -> Policy:
    return parse_policy(head + "rules:\n" + rules, "p", DETECTORS)


def shown(old: Policy, new: Policy) -> list[str]:
    return [str(change) for change in policy_diff(old, new)]


def test_order_of_rules_is_no_difference() -> None:
    assert shown(read(A + B), read(B + A)) == []


def test_rules_are_added_removed_and_changed_field_by_field() -> None:
    assert shown(read(A), read(B)) == [
        '- rules.a: {"id":"a","do":[{"block":{}}],'
        '"find":{"category":"payment"},"when":{"path":"/a"}}',
        '+ rules.b: {"id":"b","do":["observe"],"find":{"category":"contact"}}',
    ]
    assert shown(read(A), read(A.replace("/a", "/b"))) == [
        '~ rules.a.when: {"path":"/a"} -> {"path":"/b"}'
    ]


def test_mode_and_defaults_are_compared_with_what_holds_unsaid() -> None:
    shadow = HEAD.replace("enforce", "shadow")
    assert shown(read(A), read(A, shadow)) == ["~ mode: enforce -> shadow"]
    same = HEAD + "defaults: {unscannable: pass}\n"
    assert shown(read(A), read(A, same)) == []
    other = HEAD + "defaults: {unscannable: block}\n"
    assert shown(read(A), read(A, other)) == ["~ defaults.unscannable: pass -> block"]
