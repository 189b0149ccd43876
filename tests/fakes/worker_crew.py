"""Forked workers that do one thing each, for tests of what watches them."""

from __future__ import annotations

import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extproc.shared_area import Phase, SharedArea
from extproc.worker_processes import Ended, WorkerProcesses

SECONDS = 10.0
Ring = Callable[[], None]
Deed = Callable[[SharedArea, Ring], int]


class Crew:
    """Forks workers, and kills those that are left."""

    def __init__(self) -> None:
        self.processes = WorkerProcesses()

    def fork(self, worker: int, deed: Deed, *, place: int = 0) -> None:
        with warnings.catch_warnings():
            # A test's own process may have threads; a supervisor has none.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.processes.fork(worker, place, keep=(), run=deed)

    def reap(self, number: int = 1) -> list[Ended]:
        """Wait until so many have ended."""
        ended: list[Ended] = []
        end = time.monotonic() + SECONDS
        while len(ended) < number:
            assert time.monotonic() < end, "a worker did not end"
            ended += self.processes.reap()
            time.sleep(0.001)
        return ended

    def rung(self) -> None:
        """Wait until somebody rings."""
        end = time.monotonic() + SECONDS
        while not self.processes.hush():
            assert time.monotonic() < end, "nobody rang"
            time.sleep(0.001)


@contextmanager
def crew() -> Iterator[Crew]:
    made = Crew()
    try:
        yield made
    finally:
        left = tuple(made.processes)
        for process in left:
            made.processes.send(process.worker, signal.SIGKILL)
        made.reap(len(left))


def serve_until_told(area: SharedArea, ring: Ring) -> int:
    """Say that it serves, then wait for SIGTERM, which ends it."""
    area.phase = Phase.SERVING
    ring()
    while True:
        signal.pause()
