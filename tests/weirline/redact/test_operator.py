from __future__ import annotations

import json

import pytest

from weirline.detect.finding import Finding
from weirline.policy.decision import KeyedHash, Mask, Operator, Redaction, Remove, Replace
from weirline.redact.operator import of_any_length, of_same_length
from weirline.redact.rewrite import rewrite, rewrite_freely

KEY = KeyedHash(bytes(range(32)))
CARD = b"4000-0000-0000-0002"
DOCUMENT = b'{"card": "%s", "number": 4000000000000002, "rest": [1, 2]}' % CARD


def redactions(operator: Operator) -> list[Redaction]:
    first, second = DOCUMENT.index(CARD), DOCUMENT.index(b"4000000000000002")
    spans = [(first, first + len(CARD)), (second, second + 16)]
    return [Redaction(Finding("c", "payment", *span, 1.0), operator) for span in spans]


def test_hash_has_the_length_of_the_value_and_parses_as_number_and_text() -> None:
    text = rewrite(DOCUMENT, redactions(KEY))
    assert len(text) == len(DOCUMENT)
    read = json.loads(text)
    assert read["rest"] == [1, 2]
    assert isinstance(read["number"], int)
    assert len(read["card"]) == len(CARD)
    assert CARD not in text
    assert b"4000000000000002" not in text


def test_hash_is_equal_for_equal_values_however_they_are_grouped_and_differs_by_key() -> None:
    one = of_same_length(CARD, 0, 19, operator=KEY)
    assert one == of_same_length(b"x" + CARD, 1, 20, operator=KEY)
    grouped = of_same_length(CARD.replace(b"-", b" "), 0, 19, operator=KEY)
    assert one == grouped
    assert one != of_same_length(CARD, 0, 19, operator=KeyedHash(bytes(32)))
    assert one != of_same_length(b"4000-0000-0000-0003", 0, 19, operator=KEY)


def test_hash_of_a_value_with_escapes_is_a_full_mask() -> None:
    value = b"a\\u0062cdefgh"
    assert of_same_length(value, 0, len(value), operator=KEY) == b"*" * len(value)


def test_text_and_nothing_take_the_place_of_values_and_null_of_numbers() -> None:
    replaced = rewrite_freely(DOCUMENT, redactions(Replace(b"[card]")))
    assert json.loads(replaced) == {"card": "[card]", "number": None, "rest": [1, 2]}
    removed = rewrite_freely(DOCUMENT, redactions(Remove()))
    assert json.loads(removed) == {"card": "", "number": None, "rest": [1, 2]}


@pytest.mark.parametrize("operator", [Replace(b"[card]"), Remove()])
def test_where_the_length_must_stay_a_full_mask_takes_their_place(operator: Operator) -> None:
    assert rewrite(DOCUMENT, redactions(operator)) == rewrite(DOCUMENT, redactions(Mask()))


def test_part_of_a_number_is_masked_and_not_nulled() -> None:
    text = b'{"a": 4000000000000002.5}'
    start = text.index(b"4000")
    assert b"null" not in of_any_length(text, start, start + 16, operator=Remove())


def test_key_is_not_shown() -> None:
    assert "key" not in repr(KEY)
