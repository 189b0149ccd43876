"""The program around the transport: builds the parts in order, runs them, takes them down.

Every part is made here once and handed what it needs; nothing else in the sidecar knows all of
them. Refuses to start with a policy, a socket or an address that cannot be used.
"""

from __future__ import annotations

import asyncio
import enum
import gc
import os
import platform
import signal
import sys
import time
from pathlib import Path

import uvloop

import weirline
from extproc.admin import AdminServer
from extproc.hardening import protect_memory
from extproc.logs import Event, Log, capture_foreign, fault_fields
from extproc.metrics import BUILD_INFO, TRANSPORT_INFO, Tallies
from extproc.pack_store import Pack, load_pack
from extproc.policy_store import PolicyStore, log_problems
from extproc.readiness import Readiness, Reason
from extproc.session import SessionFactory
from extproc.settings import Settings
from extproc.transport_choice import ServingTransport, choose, make
from weirline.errors import DetectorError, PolicyError, Problem, SettingsError
from weirline.flow.limits import Limits
from weirline.policy.evaluate import CompiledPolicy

STOPPED, FAILED, REFUSED = 0, 1, 2
COLLECT_AT_OBJECTS = 10_000


class Order(enum.Enum):
    """What a signal asks of the program."""

    RELOAD = "reload"
    STOP = "stop"


SIGNALS = {
    signal.SIGHUP: Order.RELOAD,
    signal.SIGTERM: Order.STOP,
    signal.SIGINT: Order.STOP,
}


def run(settings: Settings) -> int:
    """Run the sidecar with `settings` until a signal stops it; return the exit code."""
    log = Log(sys.stderr, settings.log_level, form=settings.log_format)
    capture_foreign(log)
    dumps_off = protect_memory()
    log.info(Event.STARTING, version=weirline.__version__, core_dumps_off=dumps_off)
    try:
        uvloop.run(Program(settings, log).serve())
    except PolicyError as error:
        log_problems(log, Event.POLICY_REFUSED, error.problems)
        return REFUSED
    except DetectorError as error:
        log_problems(log, Event.PACK_REFUSED, error.problems)
        return REFUSED
    except SettingsError as error:
        log_problems(log, Event.SETTINGS_REFUSED, error.problems)
        return REFUSED
    except Exception as error:  # the end of the program: type and place, never the text
        return _failed(log, error)
    return STOPPED


def _failed(log: Log, error: Exception) -> int:
    log.error(Event.START_FAILED, **fault_fields(error))
    return FAILED


class Program:
    """One running sidecar. Mutable: it owns every part and the orders that signals give."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self._settings = settings
        self._log = log
        self._orders: asyncio.Queue[Order] = asyncio.Queue()
        self._readiness = Readiness()
        self._tallies = Tallies()
        self._admin = AdminServer(self._readiness, self._tallies)
        self._tallies.set_only(BUILD_INFO, (weirline.__version__, platform.python_version()))

    async def serve(self) -> None:
        """Start, obey signals, drain. Raises PolicyError, SettingsError and OSError at start."""
        self._listen_to_signals()
        settings, log = self._settings, self._log
        choice = choose(settings)
        self._tallies.set_only(TRANSPORT_INFO, (choice.transport.value,))
        pack = load_pack(settings.state_dir, settings.max_findings, tallies=self._tallies, log=log)
        store = PolicyStore(settings.policy, pack.detectors, tallies=self._tallies, log=log)
        factory = self._factory(store.load(), pack)
        transport = make(choice, factory.open, settings, tallies=self._tallies, log=log)
        await self._start_admin()
        for address in await transport.start():
            log.info(Event.LISTENING, address=address, transport=choice.transport.value)
        _quiet_collector()
        self._readiness.clear(Reason.STARTING)
        log.info(Event.READY, seconds=round(time.time() - _started_at(), 3))
        while await self._orders.get() is Order.RELOAD:
            policy = await store.reload()
            if policy is not None:
                transport.open_exchange = self._factory(policy, pack).open
        await self._drain(transport)

    def _factory(self, policy: CompiledPolicy, pack: Pack) -> SessionFactory:
        settings = self._settings
        limits = Limits(
            envoy_buffer_bytes=settings.envoy_buffer_bytes,
            hold_back_bytes=settings.hold_back_bytes,
        )
        return SessionFactory(
            policy,
            pack.scanner,
            limits=limits,
            wiring=settings.wiring.value,
            pool_threshold_bytes=settings.pool_threshold_bytes,
        )

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number, order in SIGNALS.items():
            loop.add_signal_handler(number, self._orders.put_nowait, order)
        loop.set_exception_handler(self._uncaught)

    def _uncaught(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        fields = fault_fields(error) if isinstance(error, BaseException) else {}
        self._log.error(Event.UNCAUGHT, **fields)

    async def _start_admin(self) -> None:
        if not self._settings.admin:
            return
        try:
            address = await self._admin.start(self._settings.admin)
        except OSError:
            expectation = "the address cannot be taken: it is in use or not of this machine"
            problem = Problem("S06", self._settings.admin, 0, 0, "admin", expectation)
            raise SettingsError([problem]) from None
        self._log.info(Event.ADMIN_LISTENING, address=address)

    async def _drain(self, transport: ServingTransport) -> None:
        """Turn readiness red, let streams finish; a second signal ends them at once."""
        self._readiness.raise_reason(Reason.DRAINING)
        seconds = self._settings.drain_seconds
        self._log.info(Event.DRAINING, streams=transport.streams, seconds=seconds)
        async with asyncio.TaskGroup() as group:
            patient = group.create_task(transport.drain(seconds))
            hurry = group.create_task(self._orders.get())
            await asyncio.wait({patient, hurry}, return_when=asyncio.FIRST_COMPLETED)
            if not patient.done():
                await transport.drain(0)
            hurry.cancel()
        await self._admin.close()
        self._log.info(Event.STOPPED)


def _quiet_collector() -> None:
    """Keep the collector from looking again and again at what stays to the end.

    A stream leaves few cycles behind; collecting at 700 new objects costs 4 % of each exchange.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AT_OBJECTS, 20, 20)


def _started_at() -> float:
    """Return when this process began, in seconds since the epoch (proc(5), to 10 ms)."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime_s = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - uptime_s + ticks / os.sysconf("SC_CLK_TCK")
