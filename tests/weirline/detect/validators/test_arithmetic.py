"""What the checks of national numbers share."""

from __future__ import annotations

from weirline.detect.validators.arithmetic import (
    compact,
    cross_sum,
    digits_of,
    icao_sum,
    is_day,
    number,
    weighted,
)


def test_separators_are_left_out_and_letters_made_capitals() -> None:
    assert compact(b"ab-12.3/4 5") == b"AB12345"


def test_digits_are_given_only_for_a_wanted_length_of_digits_alone() -> None:
    assert digits_of(b"12-3", 3) == (1, 2, 3)
    assert digits_of(b"12-3", 4, 3) == (1, 2, 3)
    assert digits_of(b"12-3", 4) == ()
    assert digits_of(b"12a", 3) == ()
    assert digits_of("١٢٣".encode(), 3, 6) == ()


def test_sums_multiply_place_by_place() -> None:
    assert weighted((1, 2, 3), (3, 2, 1)) == 10
    assert cross_sum((9, 5), (2, 1)) == 1 + 8 + 5
    assert icao_sum(b"A1", (1, 3)) == 10 + 3


def test_number_reads_digits_in_order() -> None:
    assert (number((0, 4, 2)), number(())) == (42, 0)


def test_day_exists_in_some_year() -> None:
    assert is_day(2, 29)
    assert not any(is_day(month, day) for month, day in ((2, 30), (4, 31), (13, 1), (0, 1), (1, 0)))
