"""A running fast transport with everything that a test looks at."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from extproc.h2.limits import Limits
from extproc.h2.transport import H2Transport
from extproc.logs import Log
from extproc.metrics import CONNECTIONS_CLOSED, FAULTS, ConnectionEnd, Fault, Tallies
from extproc.settings import LogLevel, Settings, Transport
from tests.extproc.h2.socket_client import SocketClient
from tests.fakes.exchange import Exchanges

SECONDS = 10.0


@dataclass(slots=True)
class Serving:
    """The transport, its socket's path, its exchanges, counts and log."""

    transport: H2Transport
    path: str
    addresses: tuple[str, ...]
    exchanges: Exchanges
    tallies: Tallies
    text: io.StringIO
    clients: list[SocketClient] = field(default_factory=list)

    async def connect(self, *, preface: bytes | None = None) -> SocketClient:
        """Connect a client that hangs up when the block is left."""
        self.clients.append(await SocketClient.connect(self.path, preface=preface))
        return self.clients[-1]

    def faults(self) -> dict[str, float]:
        counts = {fault.value: self.tallies.value(FAULTS, (fault.value,)) for fault in Fault}
        return {name: count for name, count in counts.items() if count}

    def closed(self) -> dict[str, float]:
        counts = {
            end.value: self.tallies.value(CONNECTIONS_CLOSED, (end.value,)) for end in ConnectionEnd
        }
        return {name: count for name, count in counts.items() if count}

    async def until_streams(self, number: int) -> None:
        """Wait until so many streams are open."""
        async with asyncio.timeout(SECONDS):
            while self.transport.streams != number:
                await asyncio.sleep(0.002)


@asynccontextmanager
async def serving(
    folder: Path,
    exchanges: Exchanges | None = None,
    *,
    limits: Limits | None = None,
    listeners: Sequence[socket.socket] = (),
    **changes: int | float | str,
) -> AsyncIterator[Serving]:
    """Serve on a socket in `folder`, or on `listeners`, until the block is left."""
    path = str(folder / "s.sock")
    given = {"socket": path, "admin": "", "transport": Transport.H2, **changes}
    settings = Settings(**given)  # type: ignore[arg-type]  # a test's own words
    exchanges = exchanges or Exchanges()
    tallies, text = Tallies(), io.StringIO()
    transport = H2Transport(
        exchanges.open,
        settings,
        tallies=tallies,
        log=Log(text, LogLevel.DEBUG),
        limits=limits,
        listeners=listeners,
    )
    addresses = await transport.start()
    served = Serving(transport, path, addresses, exchanges, tallies, text)
    try:
        yield served
    finally:
        await transport.drain(0)
        for client in served.clients:
            await client.close()
