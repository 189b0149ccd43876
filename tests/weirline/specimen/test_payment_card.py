"""Card numbers: arithmetic by the standard's own example, every scheme, every way of writing."""

from __future__ import annotations

import random

import pytest

from weirline.detect.validators import card, luhn
from weirline.specimen.payment_card import broken, valid, with_check_digit

MANY = 600


# ISO/IEC 7812-1 annex B, and test numbers that schemes publish.
@pytest.mark.parametrize("number", ["79927398713", "4111111111111111", "378282246310005"])
def test_check_digit_is_the_one_published(number: str) -> None:
    assert with_check_digit(number[:-1].encode()).decode() == number


def test_valid_numbers_pass_the_check_of_the_detector(rng: random.Random) -> None:
    assert all(card.is_valid(valid(rng)) for _ in range(MANY))


def test_valid_numbers_have_every_length_and_first_digit(rng: random.Random) -> None:
    numbers = [valid(rng).translate(None, b" -") for _ in range(MANY)]
    assert {len(number) for number in numbers} == set(range(12, 20))
    assert {number[:1] for number in numbers} >= {b"2", b"3", b"4", b"5", b"6", b"9"}


def test_valid_numbers_are_written_plain_and_in_groups(rng: random.Random) -> None:
    shapes = {
        tuple(len(group) for group in valid(rng).replace(b"-", b" ").split()) for _ in range(MANY)
    }
    assert {(16,), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3)} <= shapes


def test_broken_numbers_are_no_cards(rng: random.Random) -> None:
    assert not any(card.is_valid(broken(rng)) for _ in range(MANY))


def test_broken_numbers_fail_for_more_than_the_check_digit(rng: random.Random) -> None:
    values = [broken(rng).translate(None, b" -") for _ in range(MANY)]
    assert any(luhn.is_valid(value) for value in values if value.isdigit())
    assert any(value.startswith(b"0.") for value in values)
