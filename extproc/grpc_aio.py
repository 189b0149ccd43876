"""The standard transport: grpcio's asyncio server, on a unix socket, TCP, TLS or mTLS.

It moves serialised messages between Envoy and an `Exchange`; `extproc.ending` says how a stream
ends. Source: envoy/service/ext_proc/v3/external_processor.proto, grpc.aio.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import cast

import grpc
from grpc import aio
from grpc.aio import EOF  # type: ignore[attr-defined]  # the stubs lack it

from extproc.ending import Ending, close_exchange, ending_of
from extproc.exchange import HOLD_BACK_S, Answer, Exchange, OpenExchange, Waiting
from extproc.logs import Event, Log
from extproc.metrics import FAULTS, SLOW_ANSWERS, STREAMS_ACTIVE, Tallies
from extproc.settings import Settings
from extproc.unix_socket import Predecessor, PublishedSocket, plan_socket, publish
from weirline.errors import PeerProtocolError, Problem, SettingsError

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
METHOD = "Process"

_PINGS_APART_MS = 5_000
_KEEPALIVE_MS = 60_000
_KEEPALIVE_TIMEOUT_MS = 20_000
_IDENTITY_ONLY = 1
_SWEEPS_A_DEADLINE = 4

Context = aio.ServicerContext[bytes, bytes]


# grpcio has its own class of codes; the numbers are the same.
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class _Stream:
    """One open stream: its task, when it last got a message, and its work in the pool."""

    __slots__ = ("expired", "task", "touched_s", "work")

    def __init__(self, task: asyncio.Task[None]) -> None:
        self.task = task
        self.touched_s = time.perf_counter()
        self.work: asyncio.Future[Answer] | None = None
        self.expired = False


class GrpcTransport:
    """Serves ext_proc until it is drained. Mutable: it owns its server, socket, pool and streams.

    `open_exchange` is called once a stream; replacing the attribute replaces the policy for new
    streams only.
    """

    def __init__(
        self, open_exchange: OpenExchange, settings: Settings, *, tallies: Tallies, log: Log
    ) -> None:
        self.open_exchange = open_exchange
        self._settings = settings
        self._tallies = tallies
        self._log = log
        self._streams: set[_Stream] = set()
        tallies.watch(STREAMS_ACTIVE, self._streams.__len__)
        self._socket: PublishedSocket | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._pool = ThreadPoolExecutor(settings.pool_threads, thread_name_prefix="scan")
        self._server = aio.server(options=_options(settings))
        # The bytes are left as they are on both sides; every other method is UNIMPLEMENTED.
        method = grpc.stream_stream_rpc_method_handler(self._process)
        service = grpc.method_handlers_generic_handler(SERVICE, {METHOD: method})
        self._server.add_generic_rpc_handlers((service,))

    async def start(self) -> tuple[str, ...]:
        """Listen and return the addresses taken. Raises SettingsError or OSError."""
        settings = self._settings
        addresses = []
        plan = None
        if settings.socket:
            plan = plan_socket(
                settings.socket, mode=settings.socket_mode, group=settings.socket_group
            )
            _bind(self._server, f"unix:{plan.temporary}", "socket")
        if settings.listen:
            port = _bind(self._server, settings.listen, "listen", credentials=_tls(settings))
            addresses.append(f"{settings.listen.rpartition(':')[0]}:{port}")
        await self._server.start()
        if plan is not None:
            self._socket = publish(plan)
            addresses.append(f"unix:{plan.path}")
            if plan.predecessor is not Predecessor.NONE:
                self._log.info(Event.SOCKET_REPLACED, was=plan.predecessor.value)
        self._sweep_later()
        return tuple(addresses)

    @property
    def stuck(self) -> bool:
        """Whether a thread works on an answer that is overdue: not asked of this transport."""
        return False

    async def drain(self, seconds: float) -> None:
        """Take no new streams (GOAWAY), let the open ones run up to `seconds`, then cancel them."""
        if self._socket is not None and not self._socket.remove():
            self._log.info(Event.SOCKET_LEFT)
        await self._server.stop(seconds)
        if self._sweep is not None:
            self._sweep.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    async def _process(self, _: object, context: Context) -> None:
        """Serve one stream; a fault outside of its exchange is counted like one inside."""
        try:
            await self._serve(context)
        except aio.AbortError:
            raise
        except Exception as error:
            if context.done():
                raise
            await self._end(ending_of(error, self._log), context)

    async def _serve(self, context: Context) -> None:
        if len(self._streams) >= self._settings.max_streams:
            self._log.warning(Event.STREAM_REFUSED, streams=len(self._streams))
            await self._end(Ending.FULL, context)
        task = cast("asyncio.Task[None]", asyncio.current_task())
        stream = _Stream(task)
        self._streams.add(stream)
        exchange: Exchange | None = None
        ending = Ending.EARLY
        try:
            exchange = self.open_exchange()
            ending = await self._converse(stream, exchange, context)
        except asyncio.CancelledError:
            # Envoy ends a stream by RST when its exchange is over or its client has gone.
            if not stream.expired:
                raise
            task.uncancel()
            done = exchange is not None and exchange.finished
            ending = Ending.DONE if done else Ending.IDLE
        except TimeoutError:
            ending = Ending.OVERTIME
        except PeerProtocolError as error:
            ending = ending_of(error, self._log)
        except Exception as error:  # the one place where a fault of any kind is met
            ending = Ending.EARLY if context.done() else ending_of(error, self._log)
        finally:
            self._streams.discard(stream)
            if exchange is not None:
                self._leave(stream, exchange, ending)
        if ending is not Ending.DONE:
            await self._end(ending, context)

    async def _converse(self, stream: _Stream, exchange: Exchange, context: Context) -> Ending:
        """Answer messages until Envoy has closed its side."""
        read, write, receive = context.read, context.write, exchange.receive
        heavy, handled, clock = exchange.heavy, self._tallies.handled, time.perf_counter
        slow_s = self._settings.slow_answer_seconds
        waits = False
        while True:
            raw = await (self._next_or_overdue(exchange, context) if waits else read())
            if raw is EOF:
                return Ending.DONE if exchange.finished or exchange.observed_only else Ending.EARLY
            began = stream.touched_s = clock()
            answer = await self._in_pool(stream, exchange, raw) if heavy(raw) else receive(raw)
            took_s = clock() - began
            handled(took_s)
            if took_s > slow_s:
                self._tallies.add(SLOW_ANSWERS)
            if answer is not None:
                for each in (answer,) if isinstance(answer, bytes) else answer:
                    await write(each)
            waits = isinstance(answer, Waiting)

    async def _next_or_overdue(self, exchange: Exchange, context: Context) -> bytes:
        """Return the next message; what is held back leaves if it has not come in time."""
        coming = asyncio.get_running_loop().create_task(_read(context))  # ours until it is done
        try:
            await asyncio.wait((coming,), timeout=HOLD_BACK_S)
            late = None if coming.done() else exchange.overdue()
            if late is not None:
                for each in (late,) if isinstance(late, bytes) else late:
                    await context.write(each)
            return await coming
        finally:
            coming.cancel()

    async def _in_pool(self, stream: _Stream, exchange: Exchange, raw: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        stream.work = loop.run_in_executor(self._pool, exchange.receive, raw)
        # A thread cannot be cancelled: the shield lets the stream end while the work goes on.
        async with asyncio.timeout(self._settings.answer_seconds):
            answer = await asyncio.shield(stream.work)
        stream.work = None
        return answer

    def _leave(self, stream: _Stream, exchange: Exchange, ending: Ending) -> None:
        close = partial(close_exchange, exchange, ending, tallies=self._tallies, log=self._log)
        work = stream.work
        if work is not None and not work.done():
            work.add_done_callback(lambda _: close())
        else:
            close()

    async def _end(self, ending: Ending, context: Context) -> None:
        if ending.fault is not None:
            self._tallies.add(FAULTS, (ending.fault.value,))
        await context.abort(_CODES[ending.status.value], ending.text)

    def _sweep_later(self) -> None:
        deadline = self._settings.stream_idle_seconds
        if deadline > 0:
            loop = asyncio.get_running_loop()
            self._sweep = loop.call_later(deadline / _SWEEPS_A_DEADLINE, self._sweep_idle)

    def _sweep_idle(self) -> None:
        """End the streams that are idle. One sweep for all: a timer a message would cost more."""
        oldest = time.perf_counter() - self._settings.stream_idle_seconds
        for stream in self._streams:
            if stream.touched_s < oldest and not stream.expired:
                stream.expired = True
                stream.task.cancel()
        self._sweep_later()


async def _read(context: Context) -> bytes:
    return await context.read()


def _options(settings: Settings) -> list[tuple[str, int]]:
    return [
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", -1),
        ("grpc.max_concurrent_streams", settings.max_concurrent_streams),
        ("grpc.so_reuseport", 0),
        # Envoy never compresses here, and what cannot be sent cannot be a bomb.
        ("grpc.compression_enabled_algorithms_bitset", _IDENTITY_ONLY),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", _PINGS_APART_MS),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
    ]


def _tls(settings: Settings) -> grpc.ServerCredentials | None:
    if not settings.tls_cert:
        return None
    certificate = _pem(settings.tls_cert, "tls_cert")
    key = _pem(settings.tls_key, "tls_key")
    client_ca = _pem(settings.tls_client_ca, "tls_client_ca") if settings.tls_client_ca else None
    return grpc.ssl_server_credentials(
        [(key, certificate)], client_ca, require_client_auth=client_ca is not None
    )


def _pem(path: str, name: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        problem = Problem("S05", path, 0, 0, name, "must be a readable PEM file")
        raise SettingsError([problem]) from None


def _bind(
    server: aio.Server,
    address: str,
    name: str,
    *,
    credentials: grpc.ServerCredentials | None = None,
) -> int:
    try:
        if credentials is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, credentials)
    except RuntimeError:
        expectation = "the address is in use or not ours, or the TLS files do not fit together"
        raise SettingsError([Problem("S06", address, 0, 0, name, expectation)]) from None
