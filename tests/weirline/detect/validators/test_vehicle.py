from __future__ import annotations

import pytest

from weirline.detect.validators.vehicle import is_valid


@pytest.mark.parametrize(
    "value", [b"1M8GDM9AXKP042788", b"WVWZZZ1JZXW000001", b"wvwzzz1jzxw000001"]
)
def test_number_of_a_vehicle_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize(
    "value",
    [b"1M8GDM9AXKPO42788", b"1M8GDM9AXKP04278", b"12345678901234567", b"1M8GDM9AXKP04278A", b""],
)
def test_letter_not_in_use_or_another_length_is_not(value: bytes) -> None:
    assert not is_valid(value)
