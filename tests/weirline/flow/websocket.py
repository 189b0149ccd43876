"""Writes WebSocket frames by hand."""

from __future__ import annotations

KEY = b"\x37\xfa\x21\x3d"  # of the examples in RFC 6455


def ws(payload: bytes, opcode: int = 1, *, final: bool = True, key: bytes = b"") -> bytes:
    """One frame; with a key it is masked, as a client sends it."""
    first = bytes(((0x80 if final else 0) | opcode,))
    size = len(payload)
    if size < 126:
        length = bytes((size | (0x80 if key else 0),))
    elif size < 1 << 16:
        length = bytes((126 | (0x80 if key else 0),)) + size.to_bytes(2, "big")
    else:
        length = bytes((127 | (0x80 if key else 0),)) + size.to_bytes(8, "big")
    if not key:
        return first + length + payload
    masked = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    return first + length + key + masked
