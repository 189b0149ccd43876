from __future__ import annotations

import pytest

from weirline.detect.validators.aba_routing import is_valid


@pytest.mark.parametrize("value", [b"021000021", b"121000248", b"1210-0024-8"])
def test_routing_number_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize(
    "value",
    [
        b"021000022", b"210000021", b"02100002", b"0210000210", b"991000021", b"000000000",
        b"02100002x", b"",
    ],
)  # fmt: skip
def test_wrong_digit_district_or_length_is_not(value: bytes) -> None:
    assert not is_valid(value)
