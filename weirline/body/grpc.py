"""gRPC's frames: a flag, a length, a message, over any borders of chunks.

gRPC-Web and Connect use the same frames; their flags mean a little more. A frame longer than
`limit` is refused before any of it is kept.
Source: grpc/doc/PROTOCOL-HTTP2.md («Length-Prefixed-Message»), PROTOCOL-WEB.md; the Connect
protocol («enveloped messages»).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from weirline.errors import Unreadable

COMPRESSED: Final = 0x01
CONNECT_END: Final = 0x02  # JSON, the last frame of a Connect stream
WEB_TRAILERS: Final = 0x80  # header lines, the last frame of a gRPC-Web stream
_HEAD_BYTES: Final = 5


class Frame(NamedTuple):
    """One frame; `payload` is packed where `flags` says so."""

    flags: int
    payload: bytes

    def wire(self) -> bytes:
        """Return the frame as it is sent."""
        return bytes((self.flags,)) + len(self.payload).to_bytes(4, "big") + self.payload


class FrameReader:
    """Cuts a stream into frames. Mutable; owned by one body. `held_bytes` wait for their rest."""

    __slots__ = ("_buffer", "_limit")

    def __init__(self, limit: int) -> None:
        """`limit` is the longest payload that is taken, in bytes."""
        self._limit = limit
        self._buffer = bytearray()

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished frame are here."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that `data` completes.

        Raises Unreadable("frame") for one that is too long; `rest` then still has it.
        """
        buffer = self._buffer
        buffer += data
        at = 0
        try:
            while len(buffer) - at >= _HEAD_BYTES:
                size = int.from_bytes(buffer[at + 1 : at + _HEAD_BYTES], "big")
                if size > self._limit:
                    raise Unreadable("frame")
                end = at + _HEAD_BYTES + size
                if len(buffer) < end:
                    return
                frame = Frame(buffer[at], bytes(buffer[at + _HEAD_BYTES : end]))
                at = end
                yield frame
        finally:
            del buffer[:at]

    def rest(self) -> bytes:
        """Return what belongs to no whole frame, and forget it."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest
