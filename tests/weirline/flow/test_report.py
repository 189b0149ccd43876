"""What a flow amounts to starts empty, and its words are fit to be metric labels."""

from __future__ import annotations

import enum
import re

import pytest

from weirline.flow.report import FlowReport, Outcome, Place, Unscanned
from weirline.policy.facts import Direction


def test_new_report_counts_from_nothing_and_shares_nothing() -> None:
    one, other = FlowReport(), FlowReport()
    one.unscanned[(Direction.REQUEST, Unscanned.MEDIA)] += 1
    one.scanned_bytes[Direction.REQUEST] += 10
    assert one.unscanned == {(Direction.REQUEST, Unscanned.MEDIA): 1}
    assert not other.unscanned
    assert not other.scanned_bytes
    assert (other.messages, other.outcome) == (0, Outcome.PASSED)


@pytest.mark.parametrize("words", [Place, Unscanned, Outcome, Direction])
def test_words_of_reports_are_labels(words: type[enum.StrEnum]) -> None:
    assert all(re.fullmatch(r"[a-z_]+", word.value) for word in words)
