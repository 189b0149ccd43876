from __future__ import annotations

from tests.fakes.scanner import HashScanner
from tests.playbook import HASH_ID
from tests.weirline.flow.exchange import ENFORCE, VALUE, answer, ask, body, length
from weirline.flow.effects import AnswerHeaders, Refuse
from weirline.flow.flow import Flow
from weirline.flow.limits import Limits
from weirline.flow.witness import NoWitness
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.facts import Facts
from weirline.policy.gate import Counted
from weirline.policy.parse import parse_policy
from weirline.window.sliding import Standing, Windows

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: windows}
mode: enforce
rules: [{id: idle, when: {path: /other}, find: {category: identity}, do: [observe]}]
windows:
  - id: many
    find: {category: identity}
    per: [address]
    count: %s
    over: 1h
    more_than: %d
    do: [{block: {status: 451}}, alert]
    for: 30m
"""


class Counting(NoWitness):
    """Counts for one actor, at one moment."""

    def __init__(self) -> None:
        self.windows = Windows()
        self.told: list[Sighting] = []

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        del facts
        self.told.append(sighting)
        window = self.windows.of(sighting.window.spec)
        return window.add(b"a", 0, amount=sighting.matches, marks=sighting.marks)

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        del facts
        return self.windows.of(window.spec).standing(b"a", 0)


def windowed(count: str, more_than: int) -> CompiledPolicy:
    parsed = parse_policy(POLICY % (count, more_than), "policy.yaml", (HASH_ID,))
    return compile_policy(parsed, (HASH_ID,))


def exchange(policy: CompiledPolicy, witness: Counting, text: bytes) -> Flow:
    """One request with a value in a header, and a response with `text`."""
    flow = Flow(policy, HashScanner(), Limits(), ENFORCE, witness=witness)
    if not isinstance(flow.receive(ask((b"x-value", VALUE))), Refuse):
        flow.receive(answer(length(len(text))))
        flow.receive(body(text))
    return flow


def test_matches_of_both_messages_count_and_the_next_request_is_blocked() -> None:
    policy, witness = windowed("matches", 2), Counting()
    first = exchange(policy, witness, b'["#111111", "#222222"]')
    assert sum(one.matches for one in witness.told) == 3
    assert first.report.rule_actions == {Counted("many", "alert", False): 1}
    next_one = Flow(policy, HashScanner(), Limits(), ENFORCE, witness=witness)
    effect = next_one.receive(ask())
    assert isinstance(effect, Refuse)
    assert effect.block.status == 451


def test_request_counts_once_however_many_values_it_has() -> None:
    policy, witness = windowed("requests", 2), Counting()
    for _ in range(2):
        exchange(policy, witness, b'["#111111", "#222222"]')
    assert [one.matches for one in witness.told] == [1, 1]
    exchange(policy, witness, b"[]")
    assert witness.standing(policy.windows[0], Facts(ask().direction)).over


def test_same_value_again_counts_once_where_values_are_told_apart() -> None:
    policy, witness = windowed("distinct_values", 2), Counting()
    for _ in range(5):
        exchange(policy, witness, b'["#111111"]')
    assert len({mark for one in witness.told for mark in one.marks}) == 2
    effect = Flow(policy, HashScanner(), Limits(), ENFORCE, witness=witness).receive(ask())
    assert isinstance(effect, AnswerHeaders)
