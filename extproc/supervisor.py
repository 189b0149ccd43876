"""The supervisor of a sidecar on the fast transport: owns the sockets, forks and watches workers.

It serves no traffic itself. Everything a worker needs is loaded here first, so that a fork is all
that a replacement costs; to fork safely it has no threads and never loads grpcio. Its loop stands
still while it acts: one happening at a time is met, `extproc.supervision` decides, and what it
decided is carried out before the next one. Refuses to start with a policy, a socket or an address
that cannot be used.
"""

from __future__ import annotations

import asyncio
import enum
import importlib
import os
import platform
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

import weirline
from extproc import jwks_address
from extproc.admin import AdminServer, render_here
from extproc.child_process import BackgroundChild
from extproc.collected_counts import CollectedCounts
from extproc.h2.peer import user_numbers
from extproc.logs import Event, Log, fault_fields
from extproc.metrics import (
    BUILD_INFO,
    STREAMS_ACTIVE,
    TRANSPORT_INFO,
    WORKERS_SERVING,
    Tallies,
)
from extproc.orders import Action, Bounds, End, Fork, Kill, Publish, Shut, Tell
from extproc.owned_sockets import OwnedSockets
from extproc.policy_compile import MODULE, read_answer
from extproc.policy_store import ReadPolicy
from extproc.process_figures import seconds_since_start
from extproc.quiet_collector import quiet_collector
from extproc.readiness import Readiness, Reason
from extproc.rules_in_force import RulesInForce
from extproc.settings import Settings, Transport
from extproc.shared_area import Phase, SharedArea
from extproc.supervision import TICK_S, Supervision
from extproc.unix_socket import Predecessor
from extproc.worker import Handed, serve
from extproc.worker_processes import Ended, WorkerProcesses
from weirline.errors import SettingsError

OUT_OF_PROCESSOR_TIME = f"signal {signal.SIGXCPU.value}"
TRANSPORT_MODULE = "extproc.h2.transport"  # so that no worker has to load it


class Happening(enum.Enum):
    """What the supervisor is woken for."""

    TICK = "tick"
    BELL = "bell"  # a worker has something to say
    CHILD = "child"  # a process is over
    RELOAD = "reload"
    COMPILED = "compiled"  # the detectors of a policy that was read again
    FETCHED = "fetched"  # keys of tokens
    STOP = "stop"


SIGNALS = {
    signal.SIGCHLD: Happening.CHILD,
    signal.SIGHUP: Happening.RELOAD,
    signal.SIGTERM: Happening.STOP,
    signal.SIGINT: Happening.STOP,
}


class Supervisor:
    """One running sidecar with workers. Mutable: it owns every part.

    Raises DetectorError, PolicyError, SettingsError or OSError where it cannot start.
    """

    def __init__(self, settings: Settings, log: Log) -> None:
        self._settings = settings
        self._log = log
        self._happenings: asyncio.Queue[Happening] = asyncio.Queue()
        self._readiness = Readiness()
        self._own = Tallies()
        self._rules = RulesInForce(settings, tallies=self._own, log=log)
        self._sockets = OwnedSockets(settings)
        self._processes = WorkerProcesses()
        self._counts = CollectedCounts(self._own, self._processes)
        self._admin = AdminServer(self._readiness, self._counts, render_here)
        bounds = Bounds(
            settings.worker_hang_seconds, settings.worker_memory_bytes, settings.drain_seconds
        )
        self._supervision = Supervision(settings.workers, bounds)
        self._reloaded: ReadPolicy | None = None
        self._loop = asyncio.SelectorEventLoop()
        told = self._happenings.put_nowait
        self._compile = BackgroundChild(self._loop, partial(told, Happening.COMPILED))
        self._fetch = BackgroundChild(self._loop, partial(told, Happening.FETCHED))

    def run(self) -> None:
        """Start, watch the workers until a signal stops it, and see them off."""
        try:
            self._start()
            while not self._supervision.finished:
                happening = self._loop.run_until_complete(self._happenings.get())
                self._carry_out(self._meet(happening))
                self._settle()
            self._loop.run_until_complete(self._admin.close())
            self._log.info(Event.STOPPED)
        finally:
            self._loop.close()

    def _start(self) -> None:
        settings = self._settings
        self._own.set_only(BUILD_INFO, (weirline.__version__, platform.python_version()))
        self._own.set_only(TRANSPORT_INFO, (Transport.H2.value,))
        self._own.watch(WORKERS_SERVING, lambda: self._supervision.serving)
        user_numbers(settings.peer_users)  # refused here, not in each worker
        for number, happening in SIGNALS.items():
            self._loop.add_signal_handler(number, self._happenings.put_nowait, happening)
        self._loop.add_reader(self._processes.bell, self._rang)
        self._loop.set_exception_handler(self._uncaught)
        for place in range(settings.workers):
            self._sockets.bind(place)
        if settings.admin:
            address = self._loop.run_until_complete(self._admin.start(settings.admin))
            self._log.info(Event.ADMIN_LISTENING, address=address)
        importlib.import_module(TRANSPORT_MODULE)
        quiet_collector()
        self._carry_out(self._supervision.start(time.monotonic()))
        self._fetch_keys()
        self._tick()

    def _tick(self) -> None:
        self._happenings.put_nowait(Happening.TICK)
        if self._rules.changed():
            self._happenings.put_nowait(Happening.RELOAD)
        self._loop.call_later(TICK_S, self._tick)

    def _rang(self) -> None:
        self._processes.hush()
        self._happenings.put_nowait(Happening.BELL)

    # What happens, and what is decided.

    def _meet(self, happening: Happening) -> Sequence[Action]:
        now = time.monotonic()
        match happening:
            case Happening.TICK:
                return self._supervision.tick(now, self._processes.looks())
            case Happening.BELL:
                return self._heard(now)
            case Happening.CHILD:
                for ended in self._processes.reap():
                    self._bury(ended)
                return ()
            case Happening.RELOAD:
                return self._reload(now)
            case Happening.COMPILED:
                return self._compiled(now)
            case Happening.FETCHED:
                # Workers have the keys from their fork, so others take their place.
                changed = self._rules.fetched(self._fetch.take() or b"")
                return self._supervision.roll(now) if changed else ()
            case Happening.STOP:
                return self._stop(now)
            case _:
                assert_never(happening)

    def _heard(self, now: float) -> Sequence[Action]:
        actions: list[Action] = []
        for process in self._processes.news():
            if process.phase is Phase.SERVING:
                after_s = round(now - process.forked_s, 3)
                fields = {"worker": process.place, "pid": process.pid}
                self._log.info(Event.WORKER_SERVES, **fields, seconds=after_s)
                actions += self._supervision.serves(process.worker, now)
            else:
                actions += self._supervision.leaves(process.worker, now)
        return actions

    def _bury(self, ended: Ended) -> None:
        """Replace a worker that has ended, then write down what it leaves: requests wait."""
        process = ended.process
        why, actions = self._supervision.ended(process.worker, time.monotonic())
        if why is End.CRASH and ended.how == OUT_OF_PROCESSOR_TIME:
            why = End.CPU
        self._carry_out(actions)
        self._counts.keep(process.area, why)
        tell = self._log.info if why is End.ASKED else self._log.error
        fields = {"worker": process.place, "pid": process.pid}
        tell(Event.WORKER_ENDED, **fields, reason=why.value, how=ended.how)

    def _reload(self, now: float) -> Sequence[Action]:
        self._compile.drop()
        read = self._rules.reload_here()
        if (order := self._rules.to_compile) is not None:
            self._compile.begin(MODULE, order.said())
        return self._use(read, now)

    def _compiled(self, now: float) -> Sequence[Action]:
        answer, order = self._compile.take(), self._rules.to_compile
        if answer is None or order is None:
            return ()
        return self._use(self._rules.compiled(read_answer(answer, order)), now)

    def _fetch_keys(self) -> None:
        if wanted := self._rules.keys_to_fetch:
            self._fetch.begin(jwks_address.MODULE, wanted)
            self._loop.call_later(self._settings.jwks_refresh_seconds, self._fetch_keys)

    def _use(self, read: ReadPolicy | None, now: float) -> Sequence[Action]:
        if read is None:
            return ()
        self._reloaded = read
        return self._supervision.roll(now)

    def _stop(self, now: float) -> Sequence[Action]:
        self._compile.drop()
        self._fetch.drop()
        self._readiness.raise_reason(Reason.DRAINING)
        streams = int(self._counts.value(STREAMS_ACTIVE))
        self._log.info(Event.DRAINING, streams=streams, seconds=self._settings.drain_seconds)
        if not self._sockets.release():
            self._log.info(Event.SOCKET_LEFT)
        return self._supervision.stop(now)

    def _settle(self) -> None:
        """Say what has become true: a policy is in force, the sidecar is ready or is not."""
        supervision = self._supervision
        if self._reloaded is not None and supervision.current:
            self._rules.announce(self._reloaded)
            self._reloaded = None
        if supervision.down == self._settings.workers:
            self._readiness.raise_reason(Reason.WORKERS_DOWN)
        elif supervision.serving:
            self._readiness.clear(Reason.WORKERS_DOWN)

    # What is carried out.

    def _carry_out(self, decided: Sequence[Action]) -> None:
        actions = deque(decided)
        while actions:
            actions.extend(self._do(actions.popleft()))

    def _do(self, action: Action) -> Sequence[Action]:
        match action:
            case Fork():
                return self._fork(action)
            case Tell(worker):
                self._processes.send(worker, signal.SIGTERM)
            case Kill(worker, why):
                self._log.error(Event.WORKER_KILLED, worker=self._place(worker), reason=why.value)
                self._processes.send(worker, signal.SIGKILL)
            case Publish(place):
                self._publish(place)
            case Shut(place, seconds):
                self._sockets.shut(place)
                self._log.error(Event.WORKER_PAUSED, worker=place, seconds=seconds)
            case _:
                assert_never(action)
        return ()

    def _fork(self, order: Fork) -> Sequence[Action]:
        try:
            listeners = self._sockets.bind(order.place)
            self._processes.fork(
                order.worker,
                order.place,
                keep=[listener.fileno() for listener in listeners],
                run=partial(self._serve, order.place, os.getpid()),
            )
        except (OSError, SettingsError) as error:
            self._log.error(Event.FORK_FAILED, worker=order.place, **fault_fields(error))
            return self._supervision.ended(order.worker, time.monotonic())[1]
        return ()

    def _serve(
        self, place: int, supervisor: int, area: SharedArea, ring: Callable[[], None]
    ) -> int:
        """Be the worker of a place; this runs in its process."""
        settings = self._settings
        log = Log(
            sys.stderr, settings.log_level, form=settings.log_format, always={"worker": place}
        )
        named = partial(self._sockets.stands, place)
        rules = self._rules
        return serve(
            Handed(
                settings,
                rules.open_exchange,
                rules.prepare,
                self._sockets.bind(place),
                area,
                ring,
                named,
                supervisor,
                log,
                rules.kept_bytes,
            )
        )

    def _publish(self, place: int) -> None:
        predecessor = self._sockets.publish(place)
        if predecessor is not Predecessor.NONE:
            self._log.info(Event.SOCKET_REPLACED, was=predecessor.value)
        for address in self._sockets.addresses(place):
            self._log.info(Event.LISTENING, address=address, transport=Transport.H2.value)
        starting = Reason.STARTING.value in self._readiness.reasons
        if starting and self._supervision.serving == self._settings.workers:
            self._readiness.clear(Reason.STARTING)
            self._log.info(Event.READY, seconds=round(seconds_since_start(), 3))
            # Who replaces a worker shall find it loaded; a thread must not run beside a fork.
            self._loop.call_soon(self._rules.prepare)

    def _place(self, worker: int) -> int:
        return next(each.place for each in self._processes if each.worker == worker)

    def _uncaught(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        fields = fault_fields(error) if isinstance(error, BaseException) else {}
        self._log.error(Event.UNCAUGHT, **fields)
