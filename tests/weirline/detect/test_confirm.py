from __future__ import annotations

from tests.weirline.detect.sample import ARMOUR, CARD, KEY, detector, found
from weirline.detect.confirm import Confirmation, TryBudget, around


def spans(text: bytes, ends: list[int], tries: int = 1000) -> list[bytes]:
    confirmed = Confirmation(KEY).spans(text, around(ends, 20), TryBudget(tries))
    return [text[start:end] for start, end in confirmed]


def test_value_is_found_wherever_in_it_the_trigger_ended() -> None:
    text = b"x" * 50 + b" key_0123456789abcdef " + b"y" * 50
    for end in range(52, 71):
        assert spans(text, [end]) == [b"key_0123456789abcdef"]


def test_value_out_of_reach_of_the_trigger_is_not_looked_for() -> None:
    text = b"key_0123456789abcdef" + b" " * 40
    assert spans(text, [41]) == []


def test_fence_sees_the_bytes_around_the_window() -> None:
    text = b"x" * 30 + b"key_0123456789abcdef" + b" " * 30
    assert spans(text, [35]) == []


def test_dense_triggers_cost_one_try_a_window() -> None:
    text = b"key_ " * 2000
    budget = TryBudget(10)
    confirmed = Confirmation(KEY).spans(text, around(range(4, len(text), 5), 20), budget)
    assert list(confirmed) == []
    assert budget.tries == 9


def test_spent_budget_ends_the_search() -> None:
    text = b"key_0123456789abcdef " * 5
    assert len(spans(text, [4, 25, 46, 67, 88], tries=3)) == 3


def test_value_that_fails_is_tried_shorter_then_later() -> None:
    assert found(b"pan 4111 1111 1111 1111 123 ", CARD) == [b"4111 1111 1111 1111"]
    assert found(b"n 2020 4111 1111 1111 1111 ", CARD) == [b"4111 1111 1111 1111"]
    assert found(b"n 4111 1111 1111 1112 ", CARD) == []


def test_long_value_that_fails_is_passed_over_in_one_step() -> None:
    long = detector(r"\bt_[\w.-]{70,300}", 302, trigger="t_", validator="jwt")
    budget = TryBudget(100)
    text = b"t_" + b"-t_" * 3000
    confirmed = Confirmation(long).spans(text, around(range(2, len(text), 3), 302), budget)
    assert list(confirmed) == []
    assert budget.tries > 50


def test_value_without_a_bound_is_cut_at_the_width() -> None:
    assert found(b"-----BEGIN KEY-----" + b"A" * 1000, ARMOUR) == [
        b"-----BEGIN KEY-----" + b"A" * 381
    ]


def test_values_next_to_each_other_are_all_found() -> None:
    assert found(b"key_0123456789abcdef,key_0123456789abcdee", KEY) == [
        b"key_0123456789abcdef",
        b"key_0123456789abcdee",
    ]


def test_span_is_the_group_where_the_pattern_fences_itself() -> None:
    fenced = detector("(?:^|,)(?P<v>ab)(?:,|$)", 4, trigger="ab")
    assert found(b"ab,ab,ab", fenced) == [b"ab"] * 3
