"""Shapes: values that follow them, and values broken on purpose that do not."""

from __future__ import annotations

import random
import re

import pytest

from weirline.specimen.randomness import ALNUM, HEX
from weirline.specimen.shape import Run, Shape

EXACT = Shape((b"ab_", b"ac_"), (Run(HEX, 8), b"-", Run(ALNUM, 12)), (b"", b"=="))
EXACT_FORM = re.compile(rb"a[bc]_[0-9a-f]{8}-[0-9A-Za-z]{12}(?:==)?")
OPEN = Shape((b"ab_",), (Run(ALNUM, 32, 40),), floor=20)
OPEN_FORM = re.compile(rb"ab_[0-9A-Za-z]{32,40}")
UNMARKED = Shape((b"",), (Run(HEX, 16), b"-us"), (b"1",), floor=16)


@pytest.mark.parametrize(("shape", "form"), [(EXACT, EXACT_FORM), (OPEN, OPEN_FORM)])
def test_valid_values_follow_the_shape(
    shape: Shape, form: re.Pattern[bytes], rng: random.Random
) -> None:
    assert all(form.fullmatch(shape.valid(rng)) for _ in range(300))


@pytest.mark.parametrize(("shape", "form"), [(EXACT, EXACT_FORM), (OPEN, OPEN_FORM)])
def test_broken_values_do_not_follow_the_shape(
    shape: Shape, form: re.Pattern[bytes], rng: random.Random
) -> None:
    assert not any(form.fullmatch(shape.broken(rng)) for _ in range(300))


def test_open_length_uses_every_size_it_allows(rng: random.Random) -> None:
    assert {len(OPEN.valid(rng)) for _ in range(500)} == set(range(35, 44))


def test_exact_shape_is_broken_in_four_ways(rng: random.Random) -> None:
    whole = {len(b"ab_") + 8 + 1 + 12 + tail for tail in (0, 2)}
    values = [EXACT.broken(rng) for _ in range(300)]
    assert any(value.startswith(b"z") for value in values)
    assert any(b"!" in value for value in values)
    assert any(len(value) == min(whole) - 1 for value in values)
    assert any(len(value) == min(whole) + 1 for value in values)


def test_stump_of_an_open_shape_is_one_letter_below_its_floor(rng: random.Random) -> None:
    values = [value for value in (OPEN.broken(rng) for _ in range(300)) if value.startswith(b"ab_")]
    assert {len(value.partition(b"!")[0]) for value in values} == {len(b"ab_") + 20 - 1}


def test_shape_without_a_mark_is_broken_by_a_letter_in_front(rng: random.Random) -> None:
    values = [UNMARKED.broken(rng) for _ in range(100)]
    assert any(value.startswith(b"z") for value in values)
