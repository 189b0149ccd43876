from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.weirline.detect.sample import KEY, detector
from weirline.detect.detector import Context, Detector
from weirline.rulepack.check import check_entries, prove_entries
from weirline.rulepack.entry import Entry, Place

GOOD = b"key_0123456789abcdef"


def entry(of: Detector, *examples: bytes, counter: bytes = b"none") -> Entry:
    names = ("", "pattern", "trigger", "examples", "not_examples")
    places = {name: Place(line=line, column=1) for line, name in enumerate(names, 10)}
    return Entry(of, examples, (counter,), "a.yaml", places)


def faults(one: Entry) -> list[tuple[int, str, str]]:
    problems = check_entries([one], time.process_time)
    assert all(problem.file == "a.yaml" and problem.code == "E03" for problem in problems)
    return [(problem.line, problem.field, problem.expectation) for problem in problems]


def test_proven_entry_has_no_fault() -> None:
    assert faults(entry(KEY, GOOD, b'{"k":"' + GOOD + b'"}')) == []


@pytest.mark.parametrize(
    ("faulty", "why"),
    [
        (detector("key_x", 5, trigger="key_"), "the pattern does not match"),
        (detector(KEY.pattern, 20, trigger="nokey"), "the trigger does not"),
        (detector(KEY.pattern, 20, validator="luhn"), "the validator or the context drops"),
        (detector(KEY.pattern, 20, context=Context(words=("w",), required=True)), "the context"),
    ],
)
def test_example_that_is_not_found_is_told_with_the_step_that_lost_it(
    faulty: Detector, why: str
) -> None:
    ((line, field, expectation),) = faults(entry(faulty, GOOD))
    assert (line, field) == (13, "examples")
    assert "example 1" in expectation
    assert why in expectation


def test_counter_example_that_is_found_is_told() -> None:
    ((line, field, _),) = faults(entry(KEY, GOOD, counter=b"a " + GOOD))
    assert (line, field) == (14, "not_examples")


@pytest.mark.slow
def test_pattern_too_large_for_its_memory_is_told() -> None:
    large = detector("a" + "(?:[a-z]{9}[0-9]{9}){50}" * 1600, 1_440_001, trigger="abc")
    assert [fault[:2] for fault in faults(entry(large, b"a"))] == [(11, "pattern")]


def test_trigger_hyperscan_refuses_is_told() -> None:
    refused = detector("abc", 3, trigger="a(?=b)")
    assert [fault[:2] for fault in faults(entry(refused, b"abc"))] == [(12, "trigger")]


def test_entry_over_its_budget_of_time_is_told() -> None:
    """By a clock that jumps: 2 s for the compile, 2 s for the hostile text."""
    ticks: Iterator[int] = iter(range(0, 100, 2))
    problems = check_entries([entry(KEY, GOOD)], lambda: float(next(ticks)))
    assert [problem.field for problem in problems] == ["trigger", "trigger"]
    assert "compiles within 1 s" in problems[0].expectation
    assert "64 KiB" in problems[1].expectation


def test_every_fault_of_every_entry_is_told() -> None:
    two = [entry(KEY, b"x", counter=GOOD), entry(KEY, b"y")]
    assert len(check_entries(two, time.process_time)) == 3


def test_cost_that_grows_faster_than_its_text_is_told() -> None:
    """By a clock: 0.1 s to compile, 0.3 s for the whole hostile text, 0.1 s for half of it."""
    steps = iter([0.1, 0.3] + ([0.1] * 3 + [0.3] * 3) * 3 + [0.0] * 3)
    now, begins = [0.0], [False]

    def clock() -> float:
        begins[0] = not begins[0]
        if not begins[0]:
            now[0] += next(steps)
        return now[0]

    (problem,) = check_entries([entry(KEY, GOOD)], clock)
    assert problem.field == "trigger"
    assert "2.2 times the cost of half" in problem.expectation


def test_costs_are_ranked_the_dearest_first() -> None:
    other = detector("[0-9]{2}:[0-9]{2}", 5)
    proof = prove_entries([entry(KEY, GOOD), entry(other, b"12:30")], time.process_time)
    assert not proof.problems
    assert [cost.detector for cost in proof.costs][-1] == KEY.id
    dearest = proof.costs[0]
    assert dearest.ordinary_us > proof.costs[1].ordinary_us > 0
    assert dearest.database_bytes > 0
    assert dearest.hostile_us > 0
