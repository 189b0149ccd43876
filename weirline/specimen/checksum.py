"""Checksums that issuers put into their tokens, so that a scanner can tell them from chance.

GitHub and npm: the CRC-32 of the random part, in base 62, six digits ("Behind GitHub's new
authentication token formats", github.blog, 2021). Grafana: the CRC-32 in base 16, eight digits.
"""

from __future__ import annotations

import zlib
from typing import Final

_BASE62: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def with_base62(body: bytes) -> bytes:
    """Return `body` followed by its CRC-32 as six digits of base 62."""
    left = zlib.crc32(body)
    tail = bytearray()
    for _ in range(6):
        left, digit = divmod(left, 62)
        tail.append(_BASE62[digit])
    return body + bytes(reversed(tail))


def with_hex(text: bytes) -> bytes:
    """Return `text`, an underscore and the CRC-32 of `text` as eight digits of base 16."""
    return text + b"_%08x" % zlib.crc32(text)
