"""A stand-in for the loop's transport: takes what is written, gives nothing, never blocks."""

from __future__ import annotations

import asyncio
import socket


class LoopTransport(asyncio.Transport):
    """Keeps the count of bytes written and whether it was closed."""

    def __init__(self, end: socket.socket) -> None:
        super().__init__({"socket": end})
        self.written = 0
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += len(data)

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Nothing is read here."""

    def resume_reading(self) -> None:
        """Nothing is read here."""

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is kept here."""
