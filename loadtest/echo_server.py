"""A plain grpcio asyncio server that sends every message back as it came.

It is what the product's grpcio transport is held to: whatever it serves less than this, our own
code costs. Of the ways to write it, read() and write() on uvloop measured fastest, so that is the
one taken. Through Envoy it is of no use: an echo is no answer. Usage: python -m
loadtest.echo_server SOCKET.
"""

from __future__ import annotations

import sys

import grpc
import grpc.aio
import uvloop
from grpc.aio import EOF  # type: ignore[attr-defined]  # the stubs lack it

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
MOST_MESSAGE_BYTES = 16 * 1024 * 1024


async def echo(_requests: object, context: grpc.aio.ServicerContext[bytes, bytes]) -> None:
    """Answer each message of a stream with itself, until the client half-closes."""
    while (message := await context.read()) is not EOF:
        await context.write(message)


async def serve(socket: str) -> None:
    """Serve on a unix socket until killed."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", MOST_MESSAGE_BYTES)])
    handler = grpc.stream_stream_rpc_method_handler(echo)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {"Process": handler}),)
    )
    server.add_insecure_port(f"unix:{socket}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
