"""The fast transport: listens, admits, sweeps and drains; each connection serves itself.

It serves a unix socket and, without TLS, TCP on loopback. It may be handed sockets that listen
already, by whoever owns them; then it binds nothing and unlinks nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from extproc.exchange import OpenExchange
from extproc.h2.connection import ServerConnection
from extproc.h2.limits import Limits, limits_of
from extproc.h2.peer import user_numbers
from extproc.h2.service import Service
from extproc.logs import Event, Log
from extproc.metrics import ConnectionEnd, Tallies
from extproc.settings import Settings
from extproc.settings_value import split_address
from extproc.unix_socket import BACKLOG, Predecessor, PublishedSocket, plan_socket, publish
from weirline.errors import Problem, SettingsError

SWEEPS_A_DEADLINE = 4
SILENT_SWEEP_S = 10.0  # a connection without a word between two of these is closed
OVERTIME_SWEEP_S = 0.25
CLOSE_S = 1.0


class H2Transport:
    """Serves ext_proc until it is drained. Mutable: it owns its listeners, pool and connections.

    `open_exchange` is called once a stream; replacing the attribute replaces the policy for new
    streams only. `listeners` are sockets that listen already; without them the settings' addresses
    are bound.
    """

    def __init__(
        self,
        open_exchange: OpenExchange,
        settings: Settings,
        *,
        tallies: Tallies,
        log: Log,
        listeners: Sequence[socket.socket] = (),
        limits: Limits | None = None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._given = tuple(listeners)
        self._service = Service(
            open_exchange,
            limits or limits_of(settings),
            tallies,
            log,
            ThreadPoolExecutor(settings.pool_threads, thread_name_prefix="scan"),
            settings.max_streams,
            user_numbers(settings.peer_users),
            settings.slow_answer_seconds,
            settings.answer_seconds,
        )
        self._servers: list[asyncio.Server] = []
        self._socket: PublishedSocket | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._silent: set[ServerConnection] = set()

    @property
    def open_exchange(self) -> OpenExchange:
        """What opens the exchange of a new stream."""
        return self._service.open_exchange

    @open_exchange.setter
    def open_exchange(self, value: OpenExchange) -> None:
        self._service.open_exchange = value

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return self._service.streams

    @property
    def stuck(self) -> bool:
        """Whether a thread works on an answer that is overdue."""
        return self._service.stuck

    async def start(self) -> tuple[str, ...]:
        """Listen and return the addresses taken. Raises SettingsError or OSError."""
        addresses = []
        for listener in self._given:
            await self._serve(listener)
            addresses.append(_shown(listener))
        if not self._given:
            # TCP first: the unix socket takes over a path, so it must be the last that can fail.
            addresses.extend([*await self._listen_tcp(), *await self._listen_unix()])
        self._repeat("overtime", OVERTIME_SWEEP_S, self._service.end_overtime)
        self._repeat("silent", SILENT_SWEEP_S, self._sweep_silent)
        idle_s = self._settings.stream_idle_seconds
        if idle_s > 0:
            self._repeat("idle", idle_s / SWEEPS_A_DEADLINE, self._sweep_idle)
        return tuple(addresses)

    async def drain(self, seconds: float) -> None:
        """Take no new streams (GOAWAY), let the open ones run up to `seconds`, then end them."""
        for timer in self._timers.values():
            timer.cancel()
        for server in self._servers:
            server.close()
        if self._socket is not None and not self._socket.remove():
            self._log.info(Event.SOCKET_LEFT)
        self._socket = None
        for connection in list(self._service.connections):
            connection.leave()
        await self._gone(seconds)
        for connection in list(self._service.connections):
            connection.stop()
        await self._gone(CLOSE_S)
        for connection in list(self._service.connections):
            connection.abort()
        self._service.pool.shutdown(wait=False, cancel_futures=True)

    async def _gone(self, seconds: float) -> None:
        """Wait until no connection is left, at most for `seconds`."""
        if not self._service.connections or seconds <= 0:
            return
        self._service.empty.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._service.empty.wait()
        except TimeoutError:
            return

    async def _listen_unix(self) -> list[str]:
        settings = self._settings
        if not settings.socket:
            return []
        plan = plan_socket(settings.socket, mode=settings.socket_mode, group=settings.socket_group)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(plan.temporary))
        listener.listen(BACKLOG)
        await self._serve(listener)
        self._socket = publish(plan)
        if plan.predecessor is not Predecessor.NONE:
            self._log.info(Event.SOCKET_REPLACED, was=plan.predecessor.value)
        return [f"unix:{plan.path}"]

    async def _listen_tcp(self) -> list[str]:
        if not self._settings.listen:
            return []
        host, port = split_address(self._settings.listen)
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(self._connection, host, port, backlog=BACKLOG)
        except OSError:
            expectation = "the address is in use or not ours"
            problem = Problem("S06", self._settings.listen, 0, 0, "listen", expectation)
            raise SettingsError([problem]) from None
        self._servers.append(server)
        return [f"{self._settings.listen.rpartition(':')[0]}:{_port(server)}"]

    async def _serve(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        if listener.family == socket.AF_UNIX:
            server = await loop.create_unix_server(self._connection, sock=listener, backlog=BACKLOG)
        else:
            server = await loop.create_server(self._connection, sock=listener, backlog=BACKLOG)
        self._servers.append(server)

    def _connection(self) -> ServerConnection:
        try:
            return ServerConnection(self._service)
        except Exception as error:  # asyncio drops the connection and says nothing
            self._service.fault(error)
            raise

    def _repeat(self, name: str, seconds: float, sweep: Callable[[], None]) -> None:
        """Call `sweep` every `seconds`, until the drain. One timer for all: cheap a stream."""

        def again() -> None:
            sweep()
            self._repeat(name, seconds, sweep)

        self._timers[name] = asyncio.get_running_loop().call_later(seconds, again)

    def _sweep_idle(self) -> None:
        oldest_s = self._service.clock() - self._settings.stream_idle_seconds
        for connection in list(self._service.connections):
            connection.sweep(oldest_s)

    def _sweep_silent(self) -> None:
        silent = {each for each in self._service.connections if each.silent}
        for connection in silent & self._silent:
            self._service.connection_ended(ConnectionEnd.SILENT)
            connection.abort()
        self._silent = silent - self._silent


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


def _shown(listener: socket.socket) -> str:
    name = listener.getsockname()
    return f"unix:{name}" if listener.family == socket.AF_UNIX else f"{name[0]}:{name[1]}"
