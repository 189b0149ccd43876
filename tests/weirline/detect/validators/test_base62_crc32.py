from __future__ import annotations

import zlib

import pytest

from weirline.detect.validators.base62_crc32 import checksum, is_valid

BODY = b"0Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8Ii9Jj"


def test_token_with_its_checksum_is_valid() -> None:
    assert is_valid(b"acme_" + BODY + checksum(BODY))
    assert is_valid(BODY + checksum(BODY))


@pytest.mark.parametrize("place", [0, 12, 29, 30, 35])
def test_changed_character_is_noticed(place: int) -> None:
    token = bytearray(BODY + checksum(BODY))
    token[place] = ord("Z") if token[place] != ord("Z") else ord("Y")
    assert not is_valid(b"acme_" + bytes(token))


@pytest.mark.parametrize("value", [b"", b"acme_", b"acme_000000", b"000000"])
def test_text_without_a_body_is_not(value: bytes) -> None:
    assert not is_valid(value)


def test_checksum_is_the_number_in_base_62_with_leading_zeros() -> None:
    digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for byte in checksum(BODY):
        number = number * 62 + digits.index(byte)
    assert number == zlib.crc32(BODY)
    assert len(checksum(b"")) == 6
    assert checksum(b"") == b"000000"
