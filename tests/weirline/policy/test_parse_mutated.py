"""Whatever becomes of a policy, it is accepted, or refused with a place; never a fault of ours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.weirline.policy.vocabulary import DETECTORS
from weirline.errors import PolicyError, Problem
from weirline.policy.evaluate import compile_policy
from weirline.policy.parse import parse_policy

ROOT = Path(__file__).parents[3]
TEXTS = [
    path.read_text(encoding="utf-8")
    for folder in ("docs/examples", "rules/policies")
    for path in sorted((ROOT / folder).glob("*.yaml"))
    if not path.name.endswith(".test.yaml")
]
PIECES = ["{", "}", "[", "]", ":", "-", ",", "'", '"', "#", "&a", "*a", "!x", "|", ">", "\t", "\n"]
PIECES += ["1", "-1", "1e9", "true", "null", "~", "..", "\x00", "\ufeff", "é", "block", "unless"]


def mutated(rng: random.Random) -> str:
    """A text of ours with one to four changes: pieces put in, taken out, doubled or swapped."""
    text = rng.choice(TEXTS)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text))
        end = min(len(text), at + rng.randint(0, 12))
        lines = text.split("\n")
        match rng.randrange(5):
            case 0:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[end:]
            case 2:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 3:
                lines.insert(rng.randrange(len(lines)), rng.choice(lines))
                text = "\n".join(lines)
            case _:
                del lines[rng.randrange(len(lines))]
                text = "\n".join(lines) or "x"
    return text


def check(problems: Sequence[Problem]) -> None:
    """A refusal says what, where and how to mend it."""
    assert problems
    for problem in problems:
        assert problem.code.startswith("E")
        assert problem.line >= 1
        assert problem.expectation


def try_all(count: int, seed: int) -> tuple[int, int]:
    """How many were accepted and how many refused; a refusal names its place and its mend."""
    rng = random.Random(seed)
    accepted = refused = 0
    for _ in range(count):
        text = mutated(rng)
        try:
            policy = parse_policy(text, "policy.yaml", DETECTORS)
        except PolicyError as error:
            refused += 1
            check(error.problems)
        else:
            accepted += 1
            compile_policy(policy, DETECTORS)
    return accepted, refused


@pytest.mark.slow
def test_mutated_policies_are_accepted_or_refused_with_a_place() -> None:
    accepted, refused = try_all(300, seed=20260101)
    assert accepted
    assert refused


@pytest.mark.full
@pytest.mark.long
def test_ten_thousand_mutated_policies_are_accepted_or_refused_with_a_place() -> None:
    accepted, refused = try_all(10_000, seed=20260102)
    assert accepted
    assert refused
