from __future__ import annotations

import pytest

from weirline.detect.context import ContextWords, Nearby
from weirline.detect.detector import Context
from weirline.detect.surroundings import Place, Surroundings

WORDS = ContextWords(Context(words=("card", "social security"), against=("order",), within=30))


def near(words: ContextWords, before: bytes, after: bytes = b"") -> Nearby:
    """Look at a value of three digits between the two texts."""
    return words.look(before + b"123" + after, len(before), len(before) + 3)


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
        b"cards: ",
    ],
)
def test_word_stands_in_names_however_they_are_written(before: bytes) -> None:
    assert near(WORDS, before) is Nearby.SUPPORT


@pytest.mark.parametrize(
    "before",
    [
        b"discard ",
        b"cardigan ",
        b"DISCARD ",
        b"wildcardx ",
        b"",
        b"card" + b" " * 31,
        b"social insecurity ",
        b"social, for security ",
    ],
)
def test_part_of_another_word_or_a_far_one_says_nothing(before: bytes) -> None:
    assert near(WORDS, before) is Nearby.NOTHING


def test_word_cut_by_the_edge_of_the_window_says_nothing() -> None:
    assert near(WORDS, b"discard" + b" " * 26) is Nearby.NOTHING
    assert near(WORDS, b"card" + b" " * 26) is Nearby.SUPPORT


def test_word_against_outweighs_a_word_for() -> None:
    assert near(WORDS, b"order by card ") is Nearby.AGAINST


def test_own_key_outweighs_a_word_against_elsewhere() -> None:
    assert near(WORDS, b'{"order":1,"card":"') is Nearby.SUPPORT
    assert near(WORDS, b'{"card":1,"order":"') is Nearby.AGAINST


@pytest.mark.parametrize("after", [b" (card)", b" is my card.", b", social security"])
def test_word_behind_the_value_on_its_line_counts(after: bytes) -> None:
    assert near(WORDS, b"", after) is Nearby.SUPPORT


@pytest.mark.parametrize(
    "after", [b"\ncard", b'","card":"', b" card=1", b",card,", b" " * 25 + b"card"]
)
def test_word_of_the_next_line_or_value_or_a_far_one_does_not_count(after: bytes) -> None:
    assert near(WORDS, b"", after) is Nearby.NOTHING


def test_key_of_an_enclosing_object_counts_though_far_away() -> None:
    before = b'{"card":{"issued":"' + b"x" * 60 + b'","list":[{"n":"'
    seen = WORDS.see(Surroundings(before + b"123", len(before), len(before) + 3))
    assert seen == (Nearby.SUPPORT, "card", Place.KEY)
    assert near(WORDS, b'{"card":{"a":1},"b":"' + b"x" * 60 + b'","list":["') is Nearby.NOTHING


def test_element_of_an_array_takes_the_key_of_the_array() -> None:
    assert near(WORDS, b'{"cards":[' + b'"4242 4242",' * 12 + b'"') is Nearby.SUPPORT


def test_head_of_the_column_counts_on_every_line_of_a_table() -> None:
    table = b"id,card,note\n" + b"1,2,3\n" * 40
    assert near(WORDS, table + b"4,") is Nearby.SUPPORT
    assert near(WORDS, table + b"4,5,") is Nearby.NOTHING
    assert near(WORDS, table + b'"4, or so",') is Nearby.SUPPORT


@pytest.mark.parametrize(
    ("word", "before"),
    [
        ("číslo", "ČÍSLO: "),
        ("инн", "ИНН "),
        ("身份证", "我的身份证号码是"),
        ("straße", "meineStraße="),
        ("número de identificación", "Número de Identificación: "),
        ("n°", "N° "),
        ("स्थायी लेखा", "मेरा स्थायी लेखा संख्या "),
    ],
)
def test_words_of_many_languages_are_found_in_any_case(word: str, before: str) -> None:
    assert near(ContextWords(Context(words=(word,))), before.encode()) is Nearby.SUPPORT


@pytest.mark.parametrize(("word", "before"), [("cislo", "ačíslo "), ("инн", "инновация ")])
def test_letter_outside_ascii_ends_no_word(word: str, before: str) -> None:
    assert near(ContextWords(Context(words=(word,))), before.encode()) is Nearby.NOTHING
