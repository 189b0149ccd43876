"""Chance handed in from outside: what is drawn, and that a seed says it all."""

from __future__ import annotations

import random

from weirline.specimen.randomness import DIGITS, HEX, digits, letters, one_of


def test_one_of_reaches_every_item(rng: random.Random) -> None:
    assert {one_of(rng, "abc") for _ in range(200)} == {"a", "b", "c"}


def test_letters_are_as_many_as_asked_and_of_the_alphabet(rng: random.Random) -> None:
    text = letters(rng, HEX, 500)
    assert len(text) == 500
    assert set(text) == set(HEX)


def test_digits_never_begin_with_nought(rng: random.Random) -> None:
    numbers = [digits(rng, 3) for _ in range(500)]
    assert {number[:1] for number in numbers} == {b"%d" % digit for digit in range(1, 10)}
    assert all(len(number) == 3 and set(number) <= set(DIGITS) for number in numbers)


def test_same_seed_draws_the_same_letters() -> None:
    assert letters(random.Random(7), HEX, 40) == letters(random.Random(7), HEX, 40)
