from __future__ import annotations

import pytest

from weirline.detect.context import ContextWords, Nearby
from weirline.detect.detector import Context

WORDS = ContextWords(Context(words=("card", "social security"), against=("order",), within=30))


@pytest.mark.parametrize(
    "before",
    [
        b'{"card":"',
        b'"cardNumber":"',
        b'"myCard": ',
        b"CARD_NO=",
        b"card-no: ",
        b"HTTPCard ",
        b"card4=",
        b"Social  Security ",
        b"social_security=",
        b"socialSecurity=",
        b"SOCIAL-SECURITY-NUMBER ",
    ],
)
def test_word_stands_in_names_however_they_are_written(before: bytes) -> None:
    assert WORDS.look(before + b"123", len(before)) is Nearby.SUPPORT


@pytest.mark.parametrize(
    "before", [b"discard ", b"cardigan ", b"DISCARD ", b"wildcardx ", b"", b"card" + b" " * 31]
)
def test_part_of_another_word_or_a_far_one_says_nothing(before: bytes) -> None:
    assert WORDS.look(before + b"123", len(before)) is Nearby.NOTHING


def test_word_cut_by_the_edge_of_the_window_says_nothing() -> None:
    before = b"discard" + b" " * 26
    assert WORDS.look(before, len(before)) is Nearby.NOTHING
    assert WORDS.look(b"card" + b" " * 26, 30) is Nearby.SUPPORT


def test_word_against_outweighs_a_word_for() -> None:
    assert WORDS.look(b"order by card ", 14) is Nearby.AGAINST


def test_word_behind_the_value_is_not_looked_at() -> None:
    assert WORDS.look(b"123 card", 0) is Nearby.NOTHING
