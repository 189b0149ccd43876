from __future__ import annotations

from collections import Counter

import pytest

from weirline.cli.demo.client import Answer
from weirline.cli.demo.leak import Leak
from weirline.cli.demo.sample_api import Page, serve
from weirline.cli.demo.sidecar_metrics import FindingCounts
from weirline.cli.demo.trial import Request, Trial, score, try_request

LEAK = Leak("/leak", "text/plain", b"one two", (b"one", b"two"))
FOUND = FindingCounts(Counter(iban=1), Counter(rule=1))


def serve_one(body: bytes) -> dict[str, list[Page]]:
    return {"/leak": [Page("text/plain", body)]}


def try_both(before: bytes, after: bytes | None, leak: Leak | None = LEAK) -> Trial:
    with serve(serve_one(before)) as around, serve(serve_one(after or b"")) as through:
        return try_request(
            Request("/leak", leak),
            (b"one", b"two", b"three"),
            unprotected=around,
            protected=None if after is None else through,
            counted=lambda: FOUND,
        )


def test_values_of_a_leak_that_came_through_are_leaked() -> None:
    trial = try_both(b"one two", b"*** two")
    assert trial.values == (b"one", b"two")
    assert trial.leaked == (b"two",)
    assert trial.findings == FOUND
    assert not trial.unchanged


def test_without_a_protected_way_the_only_answer_counts() -> None:
    trial = try_both(b"one two", None)
    assert trial.leaked == (b"one", b"two")
    assert trial.findings == FindingCounts()
    assert not trial.unchanged


def test_ordinary_answer_is_searched_for_every_planted_value() -> None:
    trial = try_both(b"one", b"one three", leak=None)
    assert trial.values == (b"one",)
    assert trial.leaked == (b"one", b"three")


def made(values: int, leaked: int, *, leak: bool, same: bool = False) -> Trial:
    before = Answer(b"", 200, "", b"v0 v1 v2")
    after = before if same else Answer(b"", 200, "", b"other")
    names = tuple(f"v{number}".encode() for number in range(5))
    return Trial(
        Request("/", LEAK if leak else None),
        before,
        after,
        names[:values],
        names[:leaked],
        FindingCounts(),
    )


@pytest.mark.parametrize(
    ("trials", "sums", "passed"),
    [
        ([made(3, 0, leak=True)], (1, 1, 3, 3, 0, 0, 0), True),
        ([made(3, 1, leak=True)], (1, 0, 3, 2, 0, 0, 0), False),
        ([made(5, 0, leak=True)], (1, 1, 5, 5, 2, 0, 0), True),
        ([made(3, 0, leak=True), made(1, 1, leak=False)], (1, 1, 3, 3, 0, 1, 0), False),
        ([made(3, 0, leak=True), made(0, 0, leak=False)], (1, 1, 3, 3, 0, 0, 1), False),
        ([made(3, 0, leak=True), made(0, 0, leak=False, same=True)], (1, 1, 3, 3, 0, 0, 0), True),
    ],
)
def test_score_passes_only_if_nothing_came_out_and_nothing_suffered(
    trials: list[Trial], sums: tuple[int, ...], passed: bool
) -> None:
    outcome = score(trials)
    assert (
        outcome.leaks,
        outcome.leaks_stopped,
        outcome.listed,
        outcome.stopped,
        outcome.absent,
        outcome.elsewhere,
        outcome.spoiled,
    ) == sums
    assert outcome.passed is passed
