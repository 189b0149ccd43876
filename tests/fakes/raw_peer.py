"""Envoy's side in bare bytes: one connection and its streams, for what no client library does."""

from __future__ import annotations

import asyncio
import struct

from hpack import Encoder
from hyperframe.frame import DataFrame, Frame, HeadersFrame, SettingsFrame

from tests.fakes.grpc_peer import METHOD

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEAD_BYTES = 9
_FIELDS = [
    (":method", "POST"),
    (":scheme", "http"),
    (":path", METHOD),
    (":authority", "sidecar"),
    ("te", "trailers"),
    ("content-type", "application/grpc"),
]


def greeting(streams: int = 1) -> bytes:
    """A connection's first bytes, with so many streams opened on it.

    Settings are acknowledged beforehand: only then are the server's large windows in force.
    """
    encoder = Encoder()
    frames: list[Frame] = [SettingsFrame(0), SettingsFrame(0, flags=["ACK"])]
    frames += [
        HeadersFrame(_stream(number), encoder.encode(_FIELDS), flags=["END_HEADERS"])
        for number in range(streams)
    ]
    return _PREFACE + b"".join(frame.serialize() for frame in frames)


def data(content: bytes, number: int = 0) -> bytes:
    """One DATA frame on the stream of a number, from 0."""
    return bytes(DataFrame(_stream(number), content).serialize())


def message(content: bytes) -> bytes:
    """One gRPC message on the first stream."""
    return data(b"\0" + struct.pack(">I", len(content)) + content)


def _stream(number: int) -> int:
    return 2 * number + 1


async def answered(path: str, content: bytes, *, seconds: float = 10.0) -> None:
    """Connect to a unix socket, send one message, and return when an answer begins to come."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(greeting() + message(content))
        frame = None
        while not isinstance(frame, HeadersFrame):
            frame, size = Frame.parse_frame_header(
                memoryview(await reader.readexactly(_HEAD_BYTES))
            )
            await reader.readexactly(size)
        writer.close()
