from __future__ import annotations

import pytest

from weirline.detect.validators.subscriber import is_iccid, is_imei, is_imsi


@pytest.mark.parametrize("value", [b"490154203237518", b"35-209900-176148-1"])
def test_number_of_a_device_is_valid(value: bytes) -> None:
    assert is_imei(value)


@pytest.mark.parametrize(
    "value",
    [b"490154203237519", b"49015420323751", b"120154203237518", b"000000000000000", b"x", b""],
)
def test_number_of_a_device_with_a_wrong_digit_is_not(value: bytes) -> None:
    assert not is_imei(value)


@pytest.mark.parametrize("value", [b"310150123456789", b"262-01-1234567890"])
def test_number_of_a_subscriber_is_valid(value: bytes) -> None:
    assert is_imsi(value)


@pytest.mark.parametrize("value", [b"910150123456789", b"3101501234567", b"111111111111111", b""])
def test_number_of_a_subscriber_of_no_country_is_not(value: bytes) -> None:
    assert not is_imsi(value)


def test_number_of_a_sim_card_has_its_check_digit() -> None:
    assert is_iccid(b"8943101022301599978")
    assert not is_iccid(b"8943101022301599979")
    assert not is_iccid(b"8843101022301599978")
    assert not is_iccid(b"")
