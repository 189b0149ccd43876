"""Account numbers: the registry's own examples, every country, every way of writing."""

from __future__ import annotations

import random

import pytest

from weirline.detect.validators import iban
from weirline.specimen.iban import broken, valid, with_check_digits

MANY = 600


# The examples of the registry.
@pytest.mark.parametrize(
    "number", ["GB29NWBK60161331926819", "NO9386011117947", "MT84MALT011000012345MTLCAST001S"]
)
def test_check_digits_are_the_ones_of_the_registry(number: str) -> None:
    text = number.encode()
    assert with_check_digits(text[:2], text[4:]) == text


def test_valid_numbers_pass_the_check_of_the_detector(rng: random.Random) -> None:
    assert all(iban.is_valid(valid(rng)) for _ in range(MANY))


def test_valid_numbers_come_from_many_countries_and_in_all_forms(rng: random.Random) -> None:
    values = [valid(rng) for _ in range(MANY)]
    assert len({value[:2].upper() for value in values}) > 30
    assert any(b" " in value for value in values)
    assert any(value.islower() for value in values)


def test_broken_numbers_are_no_accounts(rng: random.Random) -> None:
    assert not any(iban.is_valid(broken(rng)) for _ in range(MANY))
