"""WebSocket's frames, over any borders of chunks, unmasked and masked again with the same key.

A frame is taken whole, up to `limit`. What breaks the protocol in a way that would let two readers
see two different things is refused: reserved bits (no extension is agreed on here), reserved
opcodes, fragmented or long control frames.
Source: RFC 6455 sections 5 and 7.4.1.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from weirline.errors import Unreadable

POLICY_VIOLATION: Final = 1008
_FIN, _RESERVED, _OPCODE, _MASKED = 0x80, 0x70, 0x0F, 0x80
_LONGEST_CONTROL: Final = 125
_COMPRESSED: Final = 0x40  # RSV1 of permessage-deflate (RFC 7692)


class Opcode(enum.IntEnum):
    """What a frame is."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10

    @property
    def is_control(self) -> bool:
        """Whether it may stand between the fragments of a message."""
        return self >= Opcode.CLOSE


@dataclass(frozen=True, slots=True)
class WebSocketFrame:
    """One frame: its head as it came, its masking key if it has one, its payload in the clear."""

    head: bytes
    opcode: Opcode
    key: bytes
    payload: bytes

    @property
    def final(self) -> bool:
        """Whether it ends its message."""
        return bool(self.head[0] & _FIN)

    def wire(self, payload: bytes) -> bytes:
        """Return the frame as it is sent, with another payload of the same length."""
        return self.head + (_xor(payload, self.key) if self.key else payload)


class WebSocketReader:
    """Cuts one direction into frames. Mutable; owned by one body."""

    __slots__ = ("_buffer", "_limit")

    def __init__(self, limit: int) -> None:
        """`limit` is the longest payload that is taken, in bytes."""
        self._limit = limit
        self._buffer = bytearray()

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished frame are here."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[WebSocketFrame]:
        """Yield the frames that `data` completes. Raises Unreadable; `rest` still has the frame."""
        buffer = self._buffer
        buffer += data
        at = 0
        try:
            while (head := _head_bytes(buffer, at)) and len(buffer) - at >= head:
                size = _payload_bytes(buffer, at)
                opcode = _checked(buffer[at], size)
                if size > self._limit:
                    raise Unreadable("frame")
                end = at + head + size
                if len(buffer) < end:
                    return
                raw = bytes(buffer[at:end])
                at = end
                key = raw[head - 4 : head] if raw[1] & _MASKED else b""
                payload = raw[head:]
                yield WebSocketFrame(
                    raw[:head], opcode, key, _xor(payload, key) if key else payload
                )
        finally:
            del buffer[:at]

    def rest(self) -> bytes:
        """Return what belongs to no whole frame, and forget it."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest


def close_frame(code: int, *, masked: bytes) -> bytes:
    """Return a close frame; `masked` is a key, empty towards a client, which takes none."""
    payload = code.to_bytes(2, "big")
    if not masked:
        return bytes((_FIN | Opcode.CLOSE, len(payload))) + payload
    return bytes((_FIN | Opcode.CLOSE, _MASKED | len(payload))) + masked + _xor(payload, masked)


def _head_bytes(buffer: bytearray, at: int) -> int:
    """The length of the head that begins at `at`, 0 where too little of it is here."""
    if len(buffer) - at < 2:
        return 0
    length = buffer[at + 1] & ~_MASKED
    extended = 2 if length == 126 else 8 if length == 127 else 0
    return 2 + extended + (4 if buffer[at + 1] & _MASKED else 0)


def _payload_bytes(buffer: bytearray, at: int) -> int:
    length = buffer[at + 1] & ~_MASKED
    if length == 126:
        return int.from_bytes(buffer[at + 2 : at + 4], "big")
    if length == 127:
        return int.from_bytes(buffer[at + 2 : at + 10], "big")
    return length


def _checked(first: int, size: int) -> Opcode:
    if first & _RESERVED:
        raise Unreadable("encoding" if first & _RESERVED == _COMPRESSED else "broken")
    try:
        opcode = Opcode(first & _OPCODE)
    except ValueError as error:
        raise Unreadable("broken") from error
    if opcode.is_control and (size > _LONGEST_CONTROL or not first & _FIN):
        raise Unreadable("broken")
    return opcode


def _xor(data: bytes, key: bytes) -> bytes:
    """Mask or unmask, at the speed of one addition of large numbers."""
    size = len(data)
    stream = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")
