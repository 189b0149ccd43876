"""The checksum in GitHub's and npm's tokens: the last six characters are a CRC-32 in base 62.

It is taken over the characters between the prefix (which ends in `_`) and the checksum; digits
come before capital, capital before small letters; leading zeros are kept. Source: "Behind GitHub's
new authentication token formats", github.blog, 2021-04-05 (Identifiable prefixes, Checksum).
"""

from __future__ import annotations

import zlib
from typing import Final

_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK_SIZE: Final = 6


def is_valid(value: bytes) -> bool:
    """Return whether the last six characters fit the ones between the last `_` and them."""
    body = value.rpartition(b"_")[2]
    return len(body) > _CHECK_SIZE and checksum(body[:-_CHECK_SIZE]) == body[-_CHECK_SIZE:]


def checksum(text: bytes) -> bytes:
    """Return the CRC-32 of `text` as six characters of base 62."""
    remaining = zlib.crc32(text)
    digits = bytearray(_CHECK_SIZE)
    for index in reversed(range(_CHECK_SIZE)):
        remaining, digit = divmod(remaining, len(_ALPHABET))
        digits[index] = _ALPHABET[digit]
    return bytes(digits)
