from __future__ import annotations

import gc
import time

import msgspec
import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.policy.action import BlockAction, Change
from weirline.policy.check import PolicyCheck
from weirline.policy.fault import Faults
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Find, Metadata, Mode, Policy, Rule
from weirline.policy.selector import Condition, Selector


def codes(policy: Policy) -> list[str]:
    faults = Faults("made by code")
    PolicyCheck(policy, DETECTORS, {}, faults).check()
    assert all(problem.line == 0 for problem in faults.sorted())
    return [problem.code for problem in faults.sorted()]


GOOD = parse_policy(
    HEAD
    + "categories: {c: {detect: [iban]}}\n"
    + "rules:\n- {id: a, when: {method: GET}, find: {category: c}, do: [{block: {}}]}\n",
    "policy.yaml",
    DETECTORS,
)
BARE = msgspec.structs.replace(GOOD.rules[0], when=None)


def test_policy_made_by_code_is_checked_without_places() -> None:
    assert codes(GOOD) == []
    assert codes(msgspec.structs.replace(GOOD, categories={})) == ["E02"]


def test_block_without_selector_is_allowed_in_shadow_only() -> None:
    assert codes(msgspec.structs.replace(GOOD, rules=(BARE,))) == ["E10"]
    in_shadow = msgspec.structs.replace(BARE, mode=Mode.SHADOW)
    assert codes(msgspec.structs.replace(GOOD, rules=(in_shadow,))) == []
    assert codes(msgspec.structs.replace(GOOD, rules=(BARE,), mode=Mode.SHADOW)) == []


def test_selector_that_selects_nothing_is_none_by_any_name() -> None:
    everything = {"everything": Selector()}
    named = msgspec.structs.replace(BARE, when="everything")
    assert codes(msgspec.structs.replace(GOOD, selectors=everything, rules=(named,))) == ["E10"]
    exempt = msgspec.structs.replace(GOOD.rules[0], unless="everything")
    assert codes(msgspec.structs.replace(GOOD, selectors=everything, rules=(exempt,))) == ["E04"]


def test_undefined_detector_makes_no_second_fault_where_it_is_used() -> None:
    wrong = {"c": msgspec.structs.replace(GOOD.categories["c"], detect=("nothing",))}
    assert codes(msgspec.structs.replace(GOOD, categories=wrong)) == ["E02"]


def _checked_s(size: int) -> float:
    """The least CPU seconds of three checks of a policy of so many rules that block."""
    rules = tuple(
        Rule(
            f"r{each}", (Change(block=BlockAction()),), Find("payment"), Condition(host=f"h{each}")
        )
        for each in range(size)
    )
    policy = Policy("weirline/v1", "Policy", Metadata("large"), Mode.ENFORCE, rules)
    best = float("inf")
    gc.disable()  # what it looks through is what all the other tests have left behind
    try:
        for _ in range(3):
            faults = Faults("policy.yaml")
            begin = time.process_time()
            PolicyCheck(policy, DETECTORS, {}, faults).check()
            best = min(best, time.process_time() - begin)
            assert not faults
    finally:
        gc.enable()
    return best


@pytest.mark.alone
def test_ten_thousand_rules_are_checked_in_proportion() -> None:
    assert _checked_s(10_000) <= 12 * _checked_s(1_000)
