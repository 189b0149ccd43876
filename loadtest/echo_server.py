"""Plain grpcio asyncio servers that send every message back as it came.

They are what the product's grpcio transport is held to: whatever it serves less than they do, our
own code costs. `plain` is what the library's own examples show: asyncio's loop and a generator.
`tuned` is the fastest that was found: uvloop, read() and write(). Through Envoy they are of no use:
an echo is no answer. Usage: python -m loadtest.echo_server SOCKET plain|tuned.
"""

from __future__ import annotations

import asyncio
import enum
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc
import grpc.aio
import uvloop
from grpc.aio import EOF  # type: ignore[attr-defined]  # the stubs lack it

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
MOST_MESSAGE_BYTES = 16 * 1024 * 1024

Context = grpc.aio.ServicerContext[bytes, bytes]
Handler = (
    Callable[[AsyncIterator[bytes], Context], AsyncIterator[bytes]]
    | Callable[[object, Context], Awaitable[None]]
)


class Style(enum.StrEnum):
    """How the server is written."""

    PLAIN = "plain"
    TUNED = "tuned"


async def echo_plain(requests: AsyncIterator[bytes], _: Context) -> AsyncIterator[bytes]:
    """Answer each message of a stream with itself, until the client half-closes."""
    async for message in requests:
        yield message


async def echo_tuned(_: object, context: Context) -> None:
    """Do the same without the two generators."""
    while (message := await context.read()) is not EOF:
        await context.write(message)


HANDLERS: dict[Style, Handler] = {Style.PLAIN: echo_plain, Style.TUNED: echo_tuned}


async def serve(socket: str, style: Style) -> None:
    """Serve on a unix socket until killed."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", MOST_MESSAGE_BYTES)])
    handler = grpc.stream_stream_rpc_method_handler(HANDLERS[style])
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {"Process": handler}),)
    )
    server.add_insecure_port(f"unix:{socket}")
    await server.start()
    await server.wait_for_termination()


def main(socket: str, style: Style) -> None:
    """Serve in the loop that belongs to the style."""
    if style is Style.TUNED:
        uvloop.run(serve(socket, style))
    else:
        asyncio.run(serve(socket, style))


if __name__ == "__main__":
    main(sys.argv[1], Style(sys.argv[2]))
