from __future__ import annotations

import pytest

from weirline.detect.validators.card import is_valid, lengths_by_beginning
from weirline.detect.validators.luhn import luhn_sum


def with_luhn(start: str, length: int) -> bytes:
    stem = start.ljust(length - 1, "7").encode()
    return stem + b"%d" % (-luhn_sum(stem + b"0") % 10)


@pytest.mark.parametrize(
    ("prefix", "length"),
    [
        ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16),
        ("34", 15), ("37", 15), ("6011", 16), ("644", 16), ("65", 16), ("300", 14), ("36", 14),
        ("38", 14), ("3528", 16), ("3589", 16), ("2131", 15), ("1800", 15), ("62", 16), ("62", 19),
        ("2200", 16), ("5018", 12), ("6759", 19), ("6521", 16), ("81", 16), ("9792", 16),
    ],
)  # fmt: skip
def test_number_of_a_scheme_is_valid(prefix: str, length: int) -> None:
    number = with_luhn(prefix, length)
    assert is_valid(number)
    assert is_valid(b"-".join(number[place : place + 4] for place in range(0, length, 4)))
    assert not is_valid(number[:-1] + b"%d" % ((int(number[-1:]) + 1) % 10))


@pytest.mark.parametrize(
    ("prefix", "length"),
    [("4", 14), ("4", 15), ("51", 15), ("56", 11), ("2220", 16), ("2721", 16), ("34", 16),
     ("36", 13), ("7", 16), ("1", 16), ("62", 15), ("4", 20)],
)  # fmt: skip
def test_length_or_prefix_no_scheme_uses_is_not(prefix: str, length: int) -> None:
    assert not is_valid(with_luhn(prefix, length))


@pytest.mark.parametrize("value", [b"", b"4111x11111111111", b"4444444444444444", b"0" * 16])
def test_no_number_or_one_repeated_digit_is_not(value: bytes) -> None:
    assert not is_valid(value)


def test_lengths_by_beginning_are_those_of_the_check() -> None:
    lengths = lengths_by_beginning()
    assert len(lengths) == 10_000
    for beginning in (*range(0, 10_000, 37), 604, 6304, 5018, 4000, 2205):
        for size in range(12, 20):
            number = with_luhn(f"{beginning:04}", size)
            assert is_valid(number) == bool(lengths[beginning] >> (size - 12) & 1)
