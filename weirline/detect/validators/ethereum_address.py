"""Addresses of Ethereum and its kin: 0x and 40 digits of base 16.

Capitals among the letters are a checksum; an address in small letters or in capitals alone has
none, and is taken unless it is made of very few different digits, as masks and zeros are.
Source: ERC-55.
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.keccak import keccak_256

_LENGTH: Final = 40
_FEWEST: Final = 6  # different digits


def is_valid(value: bytes) -> bool:
    """Return whether `value` is an address whose capitals, if they are mixed, are right."""
    digits = value[2:]
    if len(digits) != _LENGTH or len(set(digits.lower())) < _FEWEST:
        return False
    if digits in {digits.lower(), digits.upper()}:
        return True
    return digits == with_capitals(digits.lower())


def with_capitals(digits: bytes) -> bytes:
    """Return 40 small digits of base 16 with the letters raised that the checksum raises."""
    digest = keccak_256(digits).hex()
    return bytes(
        byte - 32 if byte > 96 and digest[place] >= "8" else byte
        for place, byte in enumerate(digits)
    )
