"""Envoy's side of ext_proc, spoken by grpcio: streams of raw bytes against a running transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import grpc
from grpc import aio

METHOD = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"
SECONDS = 20.0

Result = TypeVar("Result")
Call = aio.StreamStreamCall[bytes, bytes]
Method = aio.StreamStreamMultiCallable[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a stream came to: the answers before its end, its status and the text with it."""

    answers: tuple[bytes, ...]
    code: grpc.StatusCode
    details: str


def method(channel: aio.Channel, name: str = METHOD) -> Method:
    """Return a method of `channel` that takes and gives bytes as they are."""
    return channel.stream_stream(name, request_serializer=None, response_deserializer=None)


class Peer:
    """One connection to the transport; every wait has a bound."""

    def __init__(self, channel: aio.Channel) -> None:
        self._method = method(channel)

    def open(self) -> Call:
        """Open one stream."""
        return self._method(None)

    async def exchange(self, *messages: bytes) -> Ended:
        """Send messages one by one, each after the answer to the one before, then half-close."""
        call = self.open()
        answers: list[bytes] = []
        for message in messages:
            answer = await ask(call, message)
            if answer is None:
                return await ended(call, answers)
            answers.append(answer)
        await call.done_writing()
        return await ended(call, answers)


async def ask(call: Call, message: bytes) -> bytes | None:
    """Send one message and return its answer, None if the stream has ended."""
    try:
        async with asyncio.timeout(SECONDS):
            await call.write(message)
            answer = await call.read()
    except (aio.AioRpcError, asyncio.InvalidStateError):
        return None
    return answer if isinstance(answer, bytes) else None


async def ended(call: Call, answers: Sequence[bytes] = ()) -> Ended:
    """Wait for a stream's end and return what it came to."""
    async with asyncio.timeout(SECONDS):
        return Ended(tuple(answers), await call.code(), await call.details())


@asynccontextmanager
async def peer(
    address: str, credentials: grpc.ChannelCredentials | None = None, name: str = ""
) -> AsyncIterator[Peer]:
    """Connect to `address` (unix:PATH or HOST:PORT); `name` is whom the certificate must name."""
    options = [("grpc.ssl_target_name_override", name)] if name else []
    channel = (
        aio.insecure_channel(address, options)
        if credentials is None
        else aio.secure_channel(address, credentials, options)
    )
    async with channel:
        yield Peer(channel)


def run(test: Coroutine[object, object, Result], *, seconds: float = 2 * SECONDS) -> Result:
    """Run one test's coroutine to its end, within a bound."""

    async def bounded() -> Result:
        async with asyncio.timeout(seconds):
            return await test

    return asyncio.run(bounded())
