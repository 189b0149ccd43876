from __future__ import annotations

import pytest

from weirline.detect.validators.luhn import is_valid, luhn_sum


@pytest.mark.parametrize("value", [b"79927398713", b"4111 1111-1111.1111", b"0000", b"18"])
def test_right_check_digit_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize("value", [b"79927398710", b"0", b"", b"7992739871x", b"4111_1111"])
def test_wrong_check_digit_or_no_number_is_not(value: bytes) -> None:
    assert not is_valid(value)


def test_every_single_wrong_digit_is_noticed() -> None:
    number = b"4111111111111111"
    for place in range(len(number)):
        for digit in b"0123456789":
            changed = number[:place] + bytes((digit,)) + number[place + 1 :]
            assert is_valid(changed) == (changed == number)


def test_sum_counts_the_last_digit_once() -> None:
    assert luhn_sum(b"18") == 10
