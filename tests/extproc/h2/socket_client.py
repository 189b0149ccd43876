"""A client of the `h2` package on a real socket, for what a gRPC client cannot be made to do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from hyperframe.frame import Frame, SettingsFrame

from tests.extproc.h2.wire import PREFACE, REQUEST, opening

SECONDS = 20.0


class SocketClient:
    """One connection; every wait has a bound. `said` keeps the frames that came, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._rest = b""
        self.said: list[Frame] = []

    @classmethod
    async def connect(cls, path: str, *, preface: bytes | None = None) -> Self:
        """Connect to a unix socket and say the preface with empty SETTINGS, or what is given."""
        client = cls(*await asyncio.open_unix_connection(path, limit=1 << 24))
        client.send(PREFACE + SettingsFrame(0).serialize() if preface is None else preface)
        return client

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(b"".join(parts))

    def open(self, number: int, fields: Sequence[tuple[str, str]] = REQUEST) -> None:
        """Open a stream."""
        self.send(opening(number, fields))

    async def until(self, kind: type[Frame], number: int | None = None) -> Frame:
        """Read frames up to one of this kind (of this stream) that was not seen before."""
        while True:
            frame = await self._frame()
            if frame is None:
                raise AssertionError(f"closed before a {kind.__name__}")
            if isinstance(frame, kind) and number in (None, frame.stream_id):
                return frame

    async def until_closed(self) -> None:
        """Read to the end of the connection."""
        while await self._frame() is not None:
            continue

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _frame(self) -> Frame | None:
        try:
            async with asyncio.timeout(SECONDS):
                head = await self._reader.readexactly(9)
                frame, size = Frame.parse_frame_header(memoryview(head))
                frame.parse_body(memoryview(await self._reader.readexactly(size)))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        self.said.append(frame)
        return frame
