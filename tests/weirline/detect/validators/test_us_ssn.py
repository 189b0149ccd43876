from __future__ import annotations

import pytest

from weirline.detect.validators.us_ssn import is_valid


@pytest.mark.parametrize("value", [b"536-22-1234", b"001 01 0001", b"899.99.9999", b"665221234"])
def test_number_that_may_have_been_given_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize(
    "value",
    [b"000-22-1234", b"666-22-1234", b"900-22-1234", b"999-22-1234", b"536-00-1234",
     b"536-22-0000", b"078-05-1120", b"219-09-9999", b"457-55-5462", b"123-45-6789",
     b"111-11-1111", b"536-22-123", b"536-22-12345", b"536-2x-1234", b""],
)  # fmt: skip
def test_number_never_given_or_made_void_is_not(value: bytes) -> None:
    assert not is_valid(value)
