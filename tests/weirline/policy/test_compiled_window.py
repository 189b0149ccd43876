from __future__ import annotations

from tests.weirline.policy.vocabulary import compiled, finding, request, response
from weirline.policy.compiled_window import Sighting
from weirline.window.sliding import Spec

RULES = "rules: [{id: a, when: {path: /other}, find: {category: contact}, do: [observe]}]\n"
WINDOW = """\
windows:
  - id: many
    when: {direction: response, path: /v1/**}
    find: {category: [payment, contact]}
    per: [address]
    count: %s
    over: 1h
    more_than: 3
    do: [{block: {status: 429}}, alert]
    for: 30m
"""
TEXT = b"4111 1111 41111111  5555 5555"
SAME = [finding("iban", 0), finding("iban", 10)]


def seen(count: str, text: bytes = TEXT, **extra: float) -> tuple[Sighting, ...]:
    scope = compiled(RULES + WINDOW % count).scope(response())
    findings = [*SAME, finding("email", 20, **extra), finding("us_ssn", 3)]
    return scope.decide(findings, text=text).seen


def test_window_takes_matches_of_its_categories_alone() -> None:
    (one,) = seen("matches")
    assert (one.matches, one.marks) == (3, ())
    assert one.window.spec == Spec("many", distinct=False, over_s=3600, more_than=3, hold_s=1800)


def test_values_that_differ_in_separators_are_one() -> None:
    (one,) = seen("distinct_values", b"4111 1111 4111-1111 5555 5555")
    assert one.matches == 3
    assert len(set(one.marks)) == 2


def test_kinds_are_told_apart_by_their_detectors() -> None:
    (one,) = seen("distinct_kinds")
    assert len(set(one.marks)) == 2


def test_marks_of_two_keys_differ() -> None:
    window = compiled(RULES + WINDOW % "distinct_values").windows[0]
    assert window.mark(b"4111 1111") == window.mark(b"41111111")
    assert "41111111" not in repr(window.mark(b"41111111"))


def test_messages_that_a_window_does_not_select_add_nothing() -> None:
    policy = compiled(RULES + WINDOW % "matches")
    assert not policy.scope(response("/v2/x")).reads
    assert not policy.scope(request()).windows
    assert policy.scope(response()).reads


def test_window_acts_on_requests_whose_responses_it_counts() -> None:
    policy = compiled(RULES + WINDOW % "matches")
    assert [one.id for one in policy.scope(request()).acting] == ["many"]
    assert not policy.scope(request("/v2/x")).acting
    assert policy.scope(request("/v2/x")).idle
    assert policy.asks_who


def test_policy_without_windows_asks_nothing_of_a_message() -> None:
    policy = compiled(RULES)
    scope = policy.scope(response())
    assert scope.idle
    assert not scope.gated
    assert not policy.asks_who
