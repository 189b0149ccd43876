from __future__ import annotations

import pytest

from weirline.detect.validators.us_provider import is_dea, is_npi


@pytest.mark.parametrize("value", [b"1234567893", b"1245319599", b"1234-567-893"])
def test_provider_number_is_valid(value: bytes) -> None:
    assert is_npi(value)


@pytest.mark.parametrize("value", [b"1234567894", b"123456789", b"3234567893", b"12345678x3", b""])
def test_provider_number_with_a_wrong_digit_is_not(value: bytes) -> None:
    assert not is_npi(value)


@pytest.mark.parametrize("value", [b"AB1234563", b"FA3456781", b"ab1234563", b"A91234563"])
def test_registration_is_valid(value: bytes) -> None:
    assert is_dea(value)


@pytest.mark.parametrize(
    "value",
    [b"AB1234564", b"IB1234563", b"A11234563", b"AB123456", b"AB12345634", b"AB123456x", b""],
)
def test_registration_with_a_wrong_digit_or_letter_is_not(value: bytes) -> None:
    assert not is_dea(value)
