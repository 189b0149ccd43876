from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.weirline.policy.vocabulary import DETECTORS, HEAD, response
from weirline.errors import PolicyError, Problem
from weirline.policy.evaluate import compile_policy
from weirline.policy.observe_only import OBSERVE_ONLY
from weirline.policy.parse import check_policy, parse_policy
from weirline.policy.policy import Mode, Rule, ScannerDown

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases" / "policy_errors"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    why: str
    policy: str
    problems: list[str]


def rows(path: Path) -> list[Row]:
    return msgspec.convert(YAML(typ="safe").load(path.read_text(encoding="utf-8")), list[Row])


ALL_ROWS = [(path.stem, row) for path in sorted(CASES.glob("*.yaml")) for row in rows(path)]


@pytest.mark.parametrize(("code", "row"), ALL_ROWS, ids=[f"{c}-{r.id}" for c, r in ALL_ROWS])
def test_faulty_policy_is_refused_with_exactly_these_problems(code: str, row: Row) -> None:
    with pytest.raises(PolicyError) as refused:
        check_policy(row.policy, "policy.yaml", DETECTORS, clock=time.process_time)
    assert [str(problem) for problem in refused.value.problems] == row.problems
    assert code in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "examples").glob("*.yaml")), ids=str)
def test_example_of_the_docs_is_a_good_policy(path: Path) -> None:
    policy = parse_policy(path.read_text(encoding="utf-8"), path.name, DETECTORS)
    assert policy.metadata.name == path.stem
    assert policy.mode is Mode.ENFORCE


def test_built_in_policy_is_good_and_can_do_no_harm() -> None:
    policy = parse_policy(OBSERVE_ONLY, "built-in", DETECTORS)
    assert policy.mode is Mode.SHADOW
    assert policy.defaults.scanner_down is ScannerDown.ALLOW
    assert {action for rule in policy.rules for action in rule.do} == {"observe"}


UNSPEAKABLE = "hunter2-Zq9"

PLACES_FOR_IT = [
    "{secret}: 1\n",
    "mode: {secret}\n",
    "rules: {secret}\n",
    "rules: [{{id: {secret}}}]\n",
    "rules: [{{id: a, find: {{category: {secret}}}, do: [{secret}]}}]\n",
    "rules: [{{id: a, when: {secret}, find: {{category: payment}}, do: [observe]}}]\n",
    "rules: [{{id: a, when: {{path: {secret}}}, find: {{category: payment}}, do: [observe]}}]\n",
    "rules: [{{id: a, find: {{category: payment}}, do: [{{block: {{status: {secret}}}}}]}}]\n",
    "categories: {{x: {{detect: [{secret}]}}}}\n",
    "categories: {{{secret}: {{detect: [email]}}}}\n",
    "selectors: {{{secret}: {{method: {secret}, host: '{secret}:1'}}}}\n",
    "defaults: *{secret}\n",
    "defaults: !{secret} x\n",
    "defaults: &{secret} x\n",
    "defaults: {secret}: {secret}: [\n",
    "defaults: '{secret}\n",
    "%{secret}\n",
]


@pytest.mark.parametrize("place", PLACES_FOR_IT)
def test_message_never_quotes_what_was_written(place: str) -> None:
    text = HEAD + place.format(secret=UNSPEAKABLE)
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, "policy.yaml", DETECTORS)
    assert UNSPEAKABLE not in str(refused.value)
    assert refused.value.__cause__ is None


GOOD = (ROOT / "docs" / "examples" / "block-bulk.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
@settings(max_examples=60)
@given(
    begin=st.integers(0, len(GOOD)),
    length=st.integers(0, 12),
    inserted=st.text(alphabet="{}[]:,-'\"&*!|>%#? \n\taA1é", max_size=8),
)
def test_damaged_policy_is_read_or_refused_and_nothing_else(
    begin: int, length: int, inserted: str
) -> None:
    damaged = GOOD[:begin] + inserted + GOOD[begin + length :]
    problems: tuple[Problem, ...] = ()
    rules: tuple[Rule, ...] = ()
    try:
        policy = parse_policy(damaged, "policy.yaml", DETECTORS)
        rules = policy.rules
        assert compile_policy(policy, DETECTORS).scope(response()).rules is not None
    except PolicyError as error:
        problems = error.problems
    assert bool(rules) is not bool(problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 200, "- " * 200 + "x", "- " * 200 + "[*a]"]
)
def test_deeply_nested_text_is_refused_with_a_place(text: str) -> None:
    with pytest.raises(PolicyError, match="at most 32 deep"):
        parse_policy(text, "policy.yaml", DETECTORS)


def test_text_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(PolicyError, match="split it"):
        parse_policy("#" * (1 << 20) + "\n", "policy.yaml", DETECTORS)
