from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weirline.detect.detector import Severity
from weirline.detect.finding import Finding
from weirline.detect.resolve import Candidate, resolve

LOW, HIGH = Severity.LOW, Severity.HIGH


def candidate(
    name: str,
    start: int,
    end: int,
    *,
    confidence: float = 0.5,
    checked: bool = False,
    severity: Severity = HIGH,
    named: int = 0,
) -> Candidate:
    return Candidate(Finding(name, "x", start, end, confidence), checked, severity, named)


def outcome(*candidates: Candidate) -> list[tuple[str, int, int]]:
    return [(one.detector, one.start, one.end) for one in resolve(candidates)]


def test_checked_beats_surer() -> None:
    assert outcome(
        candidate("sure", 0, 5, confidence=1.0), candidate("checked", 0, 5, checked=True)
    ) == [("checked", 0, 5)]


def test_checked_one_in_doubt_has_no_precedence() -> None:
    assert outcome(
        candidate("named", 0, 9, confidence=0.8),
        candidate("by_chance", 0, 9, confidence=0.45, checked=True),
    ) == [("named", 0, 9)]


def test_surer_beats_longer() -> None:
    assert outcome(
        candidate("long", 0, 9, severity=LOW), candidate("sure", 2, 5, confidence=0.6)
    ) == [("sure", 2, 5)]


def test_one_named_by_the_longer_word_beats_longer() -> None:
    assert outcome(
        candidate("number", 0, 9, named=11), candidate("of_a_country", 0, 9, named=16)
    ) == [("of_a_country", 0, 9)]


def test_more_severe_beats_longer() -> None:
    assert outcome(candidate("mail", 0, 9, severity=LOW), candidate("token", 0, 4)) == [
        ("token", 0, 4)
    ]


def test_longer_beats_shorter_of_the_same_rank() -> None:
    assert outcome(candidate("short", 0, 4), candidate("long", 0, 9)) == [("long", 0, 9)]


def test_beaten_one_as_severe_keeps_what_it_covers_beside_the_winner() -> None:
    card = candidate("card", 40, 56, checked=True)
    key = candidate("key", 0, 100)
    assert outcome(key, card) == [("key", 0, 40), ("card", 40, 56), ("key", 56, 100)]


def test_result_does_not_depend_on_the_order_of_candidates() -> None:
    several = [candidate("a", 0, 4), candidate("b", 2, 6), candidate("c", 5, 9)]
    assert outcome(*several) == outcome(*reversed(several))


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: (pair[0], sum(pair)))
CANDIDATES = st.lists(
    st.builds(
        lambda span, name, confidence, checked: candidate(
            name, *span, confidence=confidence, checked=checked
        ),
        SPANS,
        st.sampled_from("abc"),
        st.sampled_from((0.2, 0.5, 0.9)),
        st.booleans(),
    ),
    max_size=12,
)


@given(CANDIDATES)
def test_result_never_overlaps_and_covers_all_that_was_claimed(several: list[Candidate]) -> None:
    findings = resolve(several)
    covered: set[int] = set()
    for finding in findings:
        claimed = set(range(finding.start, finding.end))
        assert claimed
        assert not claimed & covered
        covered |= claimed
    assert covered == {
        byte for one in several for byte in range(one.finding.start, one.finding.end)
    }
    assert [one.start for one in findings] == sorted(one.start for one in findings)
