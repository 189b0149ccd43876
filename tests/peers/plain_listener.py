"""A TCP server on the compiled session that answers 200 to every request, for h2spec.

It is the HTTP/2 of the fast transport without gRPC on it: every request, whatever its method, path
or type, is answered with a few bytes once it has ended. `python -m tests.peers.plain_listener`
prints its port on 127.0.0.1 and serves until it is killed.
"""

from __future__ import annotations

import asyncio
from typing import cast

from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.grpc_fields import new_session
from extproc.h2.limits import Limits

BODY = b"this is what the server has to say"
ENDED = (nghttp2.EVENT_HALF_CLOSED, nghttp2.EVENT_BAD_MESSAGE)


class PlainConnection(asyncio.Protocol):
    """Answers every request of one connection."""

    def __init__(self) -> None:
        self._session = new_session(Limits(message=1 << 20, streams=100))
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello."""
        self._transport = cast("asyncio.Transport", transport)
        self._say()

    def data_received(self, data: bytes) -> None:
        """Answer what has ended."""
        for kind, number, _ in self._session.receive(data, len(data)):
            if kind in ENDED:
                self._session.answer(number, BODY)
                self._session.finish(number, ())
        self._say()

    def _say(self) -> None:
        assert self._transport is not None
        while out := self._session.take():
            self._transport.write(out)
        if self._session.over():
            self._transport.close()


async def serve() -> None:
    """Serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(PlainConnection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
