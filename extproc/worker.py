"""A worker: serves what its supervisor handed it, says that it lives, and leaves when it is told.

Its pack and policy came with the fork; it reads no file and takes no other order than SIGTERM
(again: at once). If its supervisor dies it goes on serving, until the socket's name belongs to
another sidecar, or for three seconds: then it leaves as if it had been told.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socket import socket
from threading import Thread

import uvloop

from extproc.exchange import OpenExchange
from extproc.logs import Event, Log, capture_foreign, fault_fields
from extproc.metrics import FAULTS, KEPT_BYTES, Fault, Tallies
from extproc.process_bounds import THREAD_BYTES, bind_memory, grant_processor
from extproc.settings import Settings, Transport
from extproc.shared_area import Phase, SharedArea
from extproc.supervision import TICK_S
from extproc.transport_choice import Choice, ServingTransport, make

LEFT, FAILED = 0, 1
ORPHAN_S = 3.0
MORE_THREADS = 2  # beside those of the pool: what prepares, and room for one


@dataclass(frozen=True, slots=True)
class Handed:
    """What a worker is given by the fork.

    `prepare` loads, in a thread, what is wanted later: it may take a quarter of a second.
    `ring` tells the supervisor to look at the area's phase; `named` says whether the socket's name
    still leads to it; `kept_bytes` what all flows keep.
    """

    settings: Settings
    open_exchange: OpenExchange
    prepare: Callable[[], None]
    listeners: Sequence[socket]
    area: SharedArea
    ring: Callable[[], None]
    named: Callable[[], bool]
    supervisor: int
    log: Log
    kept_bytes: Callable[[], int] = int


def serve(handed: Handed) -> int:
    """Serve until told to leave; return the exit code. Never raises."""
    capture_foreign(handed.log)
    try:
        uvloop.run(Worker(handed).serve())
    except Exception as error:  # the end of the process: type and place, never the text
        return _failed(handed.log, error)
    return LEFT


def _failed(log: Log, error: Exception) -> int:
    log.error(Event.UNCAUGHT, **fault_fields(error))
    return FAILED


class Worker:
    """One running worker. Mutable: it owns its transport and what it was told."""

    def __init__(self, handed: Handed) -> None:
        self._handed = handed
        self._told: asyncio.Queue[None] = asyncio.Queue()
        self._orphan_until_s: float | None = None
        self._tallies: Tallies | None = None
        self._kept = memoryview(bytearray(8)).cast("d")  # the metric's cell, once there is one

    async def serve(self) -> None:
        """Serve, then let open streams run to their end."""
        handed = self._handed
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._told.put_nowait, None)
        loop.set_exception_handler(self._uncaught)
        tallies = self._tallies = Tallies(handed.area)
        transport = make(
            Choice(Transport.H2),
            handed.open_exchange,
            handed.settings,
            tallies=tallies,
            log=handed.log,
            listeners=handed.listeners,
        )
        await transport.start()
        self._bind_memory()
        self._kept = tallies.cell(KEPT_BYTES)
        self._beat(loop, transport)
        self._say(Phase.SERVING)
        Thread(target=handed.prepare, name="prepare", daemon=True).start()  # no end waits for it
        await self._told.get()
        await asyncio.sleep(0)  # the loop takes up once more what waits in the listener
        await self._drain(transport)

    async def _drain(self, transport: ServingTransport) -> None:
        async with asyncio.TaskGroup() as group:
            patient = group.create_task(transport.drain(self._handed.settings.drain_seconds))
            hurry = group.create_task(self._told.get())
            await asyncio.sleep(0)  # every client has been told by now
            self._say(Phase.LEAVING)
            await asyncio.wait({patient, hurry}, return_when=asyncio.FIRST_COMPLETED)
            if not patient.done():
                await transport.drain(0)
            hurry.cancel()

    def _say(self, phase: Phase) -> None:
        self._handed.area.phase = phase
        self._handed.ring()

    def _bind_memory(self) -> None:
        settings = self._handed.settings
        if settings.worker_memory_bytes:
            threads = settings.pool_threads + MORE_THREADS
            bind_memory(2 * settings.worker_memory_bytes + threads * THREAD_BYTES)

    def _beat(self, loop: asyncio.AbstractEventLoop, transport: ServingTransport) -> None:
        handed = self._handed
        handed.area.beat()
        self._kept[0] = handed.kept_bytes()
        if not transport.stuck:
            grant_processor(handed.settings.answer_seconds)
        if os.getppid() != handed.supervisor:
            self._stay_for_a_while(loop.time())
        loop.call_later(TICK_S, self._beat, loop, transport)

    def _stay_for_a_while(self, now: float) -> None:
        if self._orphan_until_s is None:
            self._handed.log.warning(Event.SUPERVISOR_GONE, seconds=ORPHAN_S)
            self._orphan_until_s = now + ORPHAN_S
        if now >= self._orphan_until_s or not self._handed.named():
            self._orphan_until_s = float("inf")  # told once
            self._told.put_nowait(None)

    def _uncaught(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        fields = fault_fields(error) if isinstance(error, BaseException) else {}
        if self._tallies is not None:
            self._tallies.add(FAULTS, (Fault.INTERNAL.value,))
        self._handed.log.error(Event.UNCAUGHT, **fields)
