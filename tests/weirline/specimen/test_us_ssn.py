"""Social security numbers: assignable ones, and such as never were."""

from __future__ import annotations

import random
import re

from weirline.detect.validators import us_ssn as check
from weirline.specimen.us_ssn import broken, broken_digits, valid, valid_digits

MANY = 600


def test_valid_numbers_are_three_groups_that_may_be_assigned(rng: random.Random) -> None:
    values = [valid(rng) for _ in range(MANY)]
    assert all(re.fullmatch(rb"\d{3}([- .])\d\d\1\d{4}", value) for value in values)
    assert all(check.is_valid(value) for value in values)
    assert {value[3:4] for value in values} == {b"-", b" ", b"."}


def test_broken_numbers_may_not_be_assigned(rng: random.Random) -> None:
    assert not any(check.is_valid(broken(rng)) for _ in range(MANY))


def test_digits_alone_are_nine_and_assignable(rng: random.Random) -> None:
    assert all(re.fullmatch(rb"\d{9}", valid_digits(rng)) for _ in range(MANY))
    assert all(check.is_valid(valid_digits(rng)) for _ in range(MANY))


def test_broken_digits_are_digits_and_not_assignable(rng: random.Random) -> None:
    values = [broken_digits(rng) for _ in range(MANY)]
    assert all(value.isdigit() and not check.is_valid(value) for value in values)
