"""What the connections of the fast transport have in common, and what they count together."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extproc.exchange import OpenExchange
from extproc.h2.limits import Limits
from extproc.h2.peer import user_of
from extproc.h2.stream import Stream
from extproc.logs import Event, Log, fault_fields
from extproc.metrics import (
    CONNECTIONS_CLOSED,
    FAULTS,
    STREAMS_ACTIVE,
    ConnectionEnd,
    Fault,
    Tallies,
)

if TYPE_CHECKING:
    from extproc.h2.connection import ServerConnection

READ_BYTES = 512 * 1024
MOST_CONNECTIONS = 1024


@dataclass(slots=True)
class Service:
    """Shared by all connections of one transport. Mutable: it counts streams and connections.

    `users` may connect to a unix socket, all if there are none. `empty` is set when the last
    connection has gone. `buffer` is read into by every connection: a read is worked off before
    the next one begins. `working` are the streams whose messages are in the pool or wait for it.
    """

    open_exchange: OpenExchange
    limits: Limits
    tallies: Tallies
    log: Log
    pool: ThreadPoolExecutor
    most_streams: int
    users: frozenset[int]
    slow_answer_s: float = 0.5
    answer_s: float = 10.0
    clock: Callable[[], float] = time.perf_counter
    open_streams: memoryview[float] = field(init=False)  # one cell, see Tallies.cell
    connections: set[ServerConnection] = field(default_factory=set)
    working: dict[Stream, ServerConnection] = field(default_factory=dict)
    empty: asyncio.Event = field(default_factory=asyncio.Event)
    buffer: bytearray = field(default_factory=lambda: bytearray(READ_BYTES))

    def __post_init__(self) -> None:
        """Count streams where the supervisor sees them."""
        self.open_streams = self.tallies.cell(STREAMS_ACTIVE)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return int(self.open_streams[0])

    @property
    def stuck(self) -> bool:
        """Whether an answer is overdue on which a thread still works: it cannot be stopped."""
        oldest_s = self.clock() - self.answer_s
        begun = [stream.work_began_s for stream in self.working]
        return any(began_s is not None and began_s < oldest_s for began_s in begun)

    def end_overtime(self) -> None:
        """End the streams whose answers are overdue."""
        oldest_s = self.clock() - self.answer_s
        for stream, connection in list(self.working.items()):
            if stream.touched_s < oldest_s:
                connection.overtime(stream)

    def refusal(self, connection: socket.socket) -> ConnectionEnd | None:
        """Return why `connection` may not be served, None if it may."""
        if len(self.connections) >= MOST_CONNECTIONS:
            return ConnectionEnd.FULL
        user = user_of(connection) if self.users else None
        if user is not None and user not in self.users:
            return ConnectionEnd.PEER
        return None

    def forget(self, connection: ServerConnection) -> None:
        """Take out a connection that has gone."""
        self.connections.discard(connection)
        if not self.connections:
            self.empty.set()

    def fault(self, error: Exception) -> None:
        """Count and log a fault of ours that belongs to no stream alone: its type and place."""
        kind = Fault.INTERNAL.value
        self.tallies.add(FAULTS, (kind,))
        self.log.error(Event.STREAM_FAULT, kind=kind, **fault_fields(error))

    def connection_ended(self, reason: ConnectionEnd) -> None:
        """Count and log a connection that we ended for its client's behaviour."""
        self.tallies.add(CONNECTIONS_CLOSED, (reason.value,))
        self.log.warning(Event.CONNECTION_CLOSED, reason=reason.value)
