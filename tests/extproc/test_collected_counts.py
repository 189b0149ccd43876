from __future__ import annotations

import os

from extproc.collected_counts import CollectedCounts
from extproc.metrics import (
    FLOWS,
    READY,
    STREAMS_ACTIVE,
    WORKER_CPU,
    WORKER_ENDS,
    WORKER_MEMORY,
    Tallies,
)
from extproc.orders import End
from extproc.shared_area import SharedArea
from tests.fakes.worker_crew import Ring, crew, serve_until_told


def _count(area: SharedArea, ring: Ring) -> int:
    """Count one flow, with two streams open."""
    tallies = Tallies(area)
    tallies.add(FLOWS, ("passed",))
    tallies.cell(STREAMS_ACTIVE)[0] = 2
    tallies.handled(0.5)
    return serve_until_told(area, ring)


def test_counts_of_all_workers_add_up_with_those_of_the_supervisor() -> None:
    with crew() as made:
        own = Tallies()
        own.add(FLOWS, ("passed",), 10)
        counts = CollectedCounts(own, made.processes)
        for worker in range(2):
            made.fork(worker, _count, place=worker)
            made.rung()
        assert counts.value(FLOWS, ("passed",)) == 12
        assert counts.value(STREAMS_ACTIVE) == 4
        values, histogram = counts.snapshot()
        assert (sum(histogram.counts), histogram.total_s) == (2, 1.0)
        assert set(values[WORKER_MEMORY]) == set(values[WORKER_CPU]) == {("0",), ("1",)}
        assert own.value(FLOWS, ("passed",)) == 10


def test_counter_does_not_fall_when_its_worker_dies_and_a_gauge_does() -> None:
    with crew() as made:
        counts = CollectedCounts(Tallies(), made.processes)
        made.fork(0, _count)
        made.rung()
        (process,) = made.processes
        os.kill(process.pid, 9)
        (ended,) = made.reap()
        counts.keep(ended.process.area, End.CRASH)
        assert counts.value(FLOWS, ("passed",)) == 1
        assert counts.value(STREAMS_ACTIVE) == 0
        assert counts.value(WORKER_ENDS, ("crash",)) == 1
        assert sum(counts.snapshot()[1].counts) == 1
        assert counts.snapshot()[0][WORKER_MEMORY] == {}


def test_two_processes_of_one_place_are_shown_as_one() -> None:
    with crew() as made:
        counts = CollectedCounts(Tallies(), made.processes)
        for worker in range(2):
            made.fork(worker, _count, place=5)
            made.rung()
        (label,) = counts.snapshot()[0][WORKER_MEMORY]
        assert label == ("5",)


def test_gauge_of_the_supervisor_alone_is_set_there() -> None:
    with crew() as made:
        counts = CollectedCounts(Tallies(), made.processes)
        counts.set_only(READY, (), 1)
        assert counts.value(READY) == 1
