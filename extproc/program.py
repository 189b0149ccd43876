"""The program: chooses the transport, and with grpcio runs its one process.

Every part is made here once and handed what it needs; with the fast transport the supervisor does
the same. Refuses to start with a policy, a socket or an address that cannot be used.
"""

from __future__ import annotations

import asyncio
import enum
import platform
import signal
import sys
from threading import Thread

import uvloop

import weirline
from extproc import jwks_address
from extproc.admin import AdminServer
from extproc.child_process import ask_child
from extproc.hardening import protect_memory
from extproc.kept_memory import keep_freed_memory
from extproc.logs import Event, Log, capture_foreign, fault_fields
from extproc.metrics import BUILD_INFO, KEPT_BYTES, TRANSPORT_INFO, Tallies
from extproc.policy_store import log_problems
from extproc.process_figures import seconds_since_start
from extproc.quiet_collector import quiet_collector
from extproc.readiness import Readiness, Reason
from extproc.rules_in_force import RulesInForce
from extproc.settings import Settings, Transport
from extproc.transport_choice import Choice, ServingTransport, choose, make
from weirline.errors import DetectorError, PolicyError, SettingsError

STOPPED, FAILED, REFUSED = 0, 1, 2


class Order(enum.Enum):
    """What a signal asks of the program."""

    RELOAD = "reload"
    STOP = "stop"


WATCH_S = 0.5  # how often the policy file is looked at
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
    keep_freed_memory()
    log.info(Event.STARTING, version=weirline.__version__, core_dumps_off=dumps_off)
    try:
        _serve(settings, log)
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


def _serve(settings: Settings, log: Log) -> None:
    choice = choose(settings)
    if choice.transport is Transport.H2:
        from extproc.supervisor import Supervisor  # needs the compiled module

        Supervisor(settings, log).run()
    else:
        uvloop.run(Program(settings, choice, log).serve())


def _failed(log: Log, error: Exception) -> int:
    log.error(Event.START_FAILED, **fault_fields(error))
    return FAILED


class Program:
    """One running sidecar on grpcio: one process, one loop.

    Mutable: it owns every part and the orders that signals give.
    """

    def __init__(self, settings: Settings, choice: Choice, log: Log) -> None:
        self._settings = settings
        self._choice = choice
        self._log = log
        self._orders: asyncio.Queue[Order] = asyncio.Queue()
        self._readiness = Readiness()
        self._tallies = Tallies()
        self._admin = AdminServer(self._readiness, self._tallies)
        self._tallies.set_only(BUILD_INFO, (weirline.__version__, platform.python_version()))

    async def serve(self) -> None:
        """Start, obey signals, drain. Raises PolicyError, SettingsError and OSError at start."""
        self._listen_to_signals()
        settings, log, choice = self._settings, self._log, self._choice
        self._tallies.set_only(TRANSPORT_INFO, (choice.transport.value,))
        rules = RulesInForce(settings, tallies=self._tallies, log=log)
        self._tallies.watch(KEPT_BYTES, rules.kept_bytes)
        transport = make(choice, rules.open_exchange, settings, tallies=self._tallies, log=log)
        await self._start_admin()
        for address in await transport.start():
            log.info(Event.LISTENING, address=address, transport=choice.transport.value)
        quiet_collector()
        self._readiness.clear(Reason.STARTING)
        log.info(Event.READY, seconds=round(seconds_since_start(), 3))
        Thread(target=rules.prepare, name="prepare", daemon=True).start()  # no end waits for it
        self._watch(rules)
        await self._obey(rules, transport)
        await self._drain(transport)

    async def _obey(self, rules: RulesInForce, transport: ServingTransport) -> None:
        """Read the policy again when told to, until told to stop; have keys fetched meanwhile."""
        async with asyncio.TaskGroup() as group:
            fetching = group.create_task(self._fetch_keys(rules))
            while await self._orders.get() is Order.RELOAD:
                if await rules.reload():
                    transport.open_exchange = rules.open_exchange
            fetching.cancel()

    async def _fetch_keys(self, rules: RulesInForce) -> None:
        """Have the key sets fetched, now and again, as long as this runs."""
        while wanted := rules.keys_to_fetch:
            seconds = jwks_address.FETCH_SECONDS * 2
            answer = await asyncio.to_thread(
                ask_child, jwks_address.MODULE, wanted, seconds=seconds
            )
            rules.fetched(answer)
            await asyncio.sleep(self._settings.jwks_refresh_seconds)

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number, order in SIGNALS.items():
            loop.add_signal_handler(number, self._orders.put_nowait, order)
        loop.set_exception_handler(self._uncaught)

    def _watch(self, rules: RulesInForce) -> None:
        if rules.changed():
            self._orders.put_nowait(Order.RELOAD)
        asyncio.get_running_loop().call_later(WATCH_S, self._watch, rules)

    def _uncaught(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        fields = fault_fields(error) if isinstance(error, BaseException) else {}
        self._log.error(Event.UNCAUGHT, **fields)

    async def _start_admin(self) -> None:
        if self._settings.admin:
            address = await self._admin.start(self._settings.admin)
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
