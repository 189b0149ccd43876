from __future__ import annotations

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.policy.action import BlockAction
from weirline.policy.atom import AtomIndex, Atoms
from weirline.policy.category import CategoryIndex
from weirline.policy.compiled_rule import CompiledRule, answer_of, compile_rule
from weirline.policy.decision import Block, Mask
from weirline.policy.facts import Direction
from weirline.policy.parse import parse_policy


def rule(body: str) -> CompiledRule:
    policy = parse_policy(f"{HEAD}rules:\n- {{id: a, {body}}}", "policy.yaml", DETECTORS)
    index = CategoryIndex(policy.categories, DETECTORS)
    return compile_rule(policy.rules[0], policy, index, AtomIndex())


def test_rule_knows_its_detectors_actions_and_count() -> None:
    compiled = rule(
        "when: {direction: response}, find: {category: [payment, email], at_least: 3},"
        " do: [{redact: {mask: {keep_last: 4}}}, {block: {status: 451}}]".replace(
            "[payment, email]", "[payment, contact]"
        )
    )
    assert set(compiled.floors) == {"payment_card", "iban", "email"}
    assert compiled.at_least == 3
    assert compiled.mask == Mask(keep_last=4)
    assert compiled.block == Block(status=451)
    assert not compiled.shadow


def test_rule_is_as_severe_as_the_worst_of_its_categories() -> None:
    both = rule("find: {category: [contact, payment]}, do: [observe]")
    one = rule("find: {category: contact}, do: [observe]")
    assert both.severity_rank > one.severity_rank


def test_exception_needs_every_reading_and_protection_any() -> None:
    exempt = rule("unless: {path: /a}, find: {category: payment}, do: [observe]")
    protect = rule("when: {path: /a}, find: {category: payment}, do: [observe]")
    assert exempt.looks_at(Direction.REQUEST, Atoms(loose=1, strict=0))
    assert not exempt.looks_at(Direction.REQUEST, Atoms(loose=1, strict=1))
    assert protect.looks_at(Direction.REQUEST, Atoms(loose=1, strict=0))
    assert not protect.looks_at(Direction.REQUEST, Atoms(loose=0, strict=0))


@pytest.mark.parametrize(
    ("body", "media_type"),
    [('{"a": 1}', "application/json"), ("[]", "application/json"), ("no", "text/plain")],
)
def test_answer_is_labelled_by_what_its_body_is(body: str, media_type: str) -> None:
    answer = answer_of(BlockAction(status=418, body=body))
    assert (answer.status, answer.body) == (418, body.encode())
    assert answer.content_type.startswith(media_type)


def test_answer_without_body_is_the_fixed_one() -> None:
    assert answer_of(BlockAction(status=418)) == Block(status=418)
