"""A worker in a process of its own, spoken to by a real grpcio client. Needs the fast transport."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import msgspec
import pytest

from extproc import worker
from extproc.logs import Log
from extproc.metrics import FLOWS, MESSAGES, snapshot_of
from extproc.settings import DEFAULTS
from extproc.shared_area import Phase, SharedArea
from extproc.worker import Handed, serve
from tests.fakes.exchange import Exchanges
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import Ended, ask, ended, peer, run
from tests.fakes.worker_crew import Crew, Ring, crew

pytestmark = FULL
THREE = (b"request headers", b"response headers", b"response body")


class Place:
    """A bound socket and the crew whose workers serve it."""

    def __init__(self, folder: Path, made: Crew) -> None:
        self.path = folder / "s.sock"
        self.prepared = folder / "prepared"
        self.log = folder / "log"
        self.crew = made
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(16)

    def fork(self, *, supervisor: int = 0, named: bool = True) -> SharedArea:
        """Fork a worker and return its area when it serves (an orphan may leave already)."""
        settings = msgspec.structs.replace(DEFAULTS, drain_seconds=60.0)

        def deed(area: SharedArea, ring: Ring) -> int:
            listener = socket.socket(fileno=os.dup(kept))
            with self.log.open("a", encoding="utf-8") as text:
                log = Log(text, always={"worker": 0})
                opener = Exchanges().open
                mother = supervisor or os.getppid()
                given = Handed(
                    settings=settings,
                    open_exchange=opener,
                    prepare=self.prepared.touch,
                    listeners=(listener,),
                    area=area,
                    ring=ring,
                    named=lambda: named,
                    supervisor=mother,
                    log=log,
                )
                return serve(given)

        kept = self.listener.fileno()
        self.crew.processes.fork(0, 0, keep=(kept,), run=deed)
        self.crew.rung()
        (process,) = self.crew.processes.news()
        assert process.phase is not Phase.FORKED
        return process.area

    async def exchange(self) -> Ended:
        async with peer(f"unix:{self.path}") as envoy:
            return await envoy.exchange(*THREE)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    ensure_built()
    with crew() as made:
        found = Place(tmp_path, made)
        with found.listener:
            yield found


def test_worker_serves_what_it_was_handed_and_counts_in_its_area(place: Place) -> None:
    area = place.fork()
    assert run(place.exchange()).code is grpc.StatusCode.OK
    values, histogram = snapshot_of(area)
    assert values[FLOWS]["passed",] == 1
    assert values[MESSAGES] == {(): 3}
    assert sum(histogram.counts) == 3


def test_worker_loads_what_is_wanted_later_once_it_serves(place: Place) -> None:
    place.fork()
    end = time.monotonic() + 10
    while not place.prepared.exists():
        assert time.monotonic() < end


def test_worker_shows_life_while_nothing_happens(place: Place) -> None:
    area = place.fork()
    first, end = area.progress, time.monotonic() + 10
    while area.progress < first + 2:
        assert time.monotonic() < end


def test_worker_told_to_leave_lets_its_streams_end_and_takes_no_new_ones(place: Place) -> None:
    area = place.fork()

    async def test() -> None:
        async with peer(f"unix:{place.path}") as envoy:
            call = envoy.open()
            assert await ask(call, THREE[0]) is not None
            place.crew.processes.send(0, signal.SIGTERM)
            while area.phase is not Phase.LEAVING:
                place.crew.processes.hush()
            for message in THREE[1:]:
                assert await ask(call, message) is not None
            await call.done_writing()
            assert (await ended(call)).code is grpc.StatusCode.OK

    run(test())
    (left,) = place.crew.reap()
    assert left.how == "exit 0"


def test_worker_told_twice_leaves_at_once(place: Place) -> None:
    area = place.fork()

    async def test() -> None:
        async with peer(f"unix:{place.path}") as envoy:
            call = envoy.open()
            assert await ask(call, THREE[0]) is not None
            place.crew.processes.send(0, signal.SIGTERM)
            while area.phase is not Phase.LEAVING:
                place.crew.processes.hush()
            place.crew.processes.send(0, signal.SIGTERM)
            assert (await ended(call)).code is not grpc.StatusCode.OK

    run(test())
    (left,) = place.crew.reap()
    assert left.how == "exit 0"


def test_orphan_leaves_when_another_has_its_sockets_name(place: Place) -> None:
    began = time.monotonic()
    place.fork(supervisor=1, named=False)
    (left,) = place.crew.reap()
    assert left.how == "exit 0"
    assert time.monotonic() - began < worker.ORPHAN_S / 2
    assert [(line["event"], line["worker"]) for line in place.lines()] == [("supervisor_gone", 0)]


def test_orphan_with_its_name_serves_on_for_a_while(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ORPHAN_S", 0.5)
    began = time.monotonic()
    place.fork(supervisor=1)
    assert run(place.exchange()).code is grpc.StatusCode.OK
    (left,) = place.crew.reap()
    assert left.how == "exit 0"
    assert time.monotonic() - began >= 0.5


def test_worker_that_cannot_serve_tells_type_and_place_and_ends_with_a_fault(
    place: Place,
) -> None:
    settings = msgspec.structs.replace(DEFAULTS, peer_users="nobody-of-that-name")

    def deed(area: SharedArea, ring: Ring) -> int:
        with place.log.open("a", encoding="utf-8") as text:
            log = Log(text)
            given = Handed(
                settings=settings,
                open_exchange=Exchanges().open,
                prepare=place.prepared.touch,
                listeners=(),
                area=area,
                ring=ring,
                named=lambda: True,
                supervisor=os.getppid(),
                log=log,
            )
            return serve(given)

    place.crew.processes.fork(0, 0, keep=(), run=deed)
    (failed,) = place.crew.reap()
    assert failed.how == "exit 1"
    (line,) = place.lines()
    assert (line["event"], line["error"]) == ("uncaught", "SettingsError")
