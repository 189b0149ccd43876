"""Writes protobuf messages and gRPC frames by hand, so that no descriptor is needed."""

from __future__ import annotations


def varint(value: int) -> bytes:
    """A varint in as few bytes as it takes."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def text(number: int, value: bytes) -> bytes:
    """A length-delimited field."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def whole(number: int, value: int) -> bytes:
    """A varint field."""
    return varint(number << 3) + varint(value)


def frame(payload: bytes, flags: int = 0) -> bytes:
    """One frame of gRPC."""
    return bytes((flags,)) + len(payload).to_bytes(4, "big") + payload
