"""The processes of the workers: forked, told, killed, waited for, and looked at.

It knows numbers of workers and of processes and decides nothing. A worker rings by a byte in a pipe
that all share; what there is to know stands in its area. A process that is not ours (the first
process of a container inherits orphans) is waited for and forgotten.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from extproc.forking import fork
from extproc.orders import Look
from extproc.process_figures import resident_bytes
from extproc.shared_area import Phase, SharedArea

_MOST_BELLS = 4096


@dataclass(slots=True)
class WorkerProcess:
    """One worker's process; `phase` is what was last seen in its area, `forked_s` monotonic."""

    worker: int
    place: int
    pid: int
    area: SharedArea
    forked_s: float
    phase: Phase = Phase.FORKED


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker whose process is over; `how` is `exit N` or `signal N`."""

    process: WorkerProcess
    how: str


class WorkerProcesses:
    """The processes that run. Mutable: it owns the bell and every worker's area."""

    def __init__(self) -> None:
        self._by_pid: dict[int, WorkerProcess] = {}
        self.bell, self._button = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __iter__(self) -> Iterator[WorkerProcess]:
        return iter(tuple(self._by_pid.values()))

    def fork(
        self,
        worker: int,
        place: int,
        *,
        keep: Collection[int],
        run: Callable[[SharedArea, Callable[[], None]], int],
    ) -> None:
        """Fork a worker that runs `run` with its area and the bell's button. Raises OSError."""
        area = SharedArea()
        files = {*keep, self._button}
        pid = fork(lambda: run(area, self._ring), keep=files)
        self._by_pid[pid] = WorkerProcess(worker, place, pid, area, time.monotonic())

    def send(self, worker: int, number: signal.Signals) -> None:
        """Send a worker a signal; nothing happens where it has gone."""
        for process in self:
            if process.worker == worker:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, number)

    def reap(self) -> list[Ended]:
        """Return the workers whose processes are over, and forget them."""
        ended: list[Ended] = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return ended
            if pid == 0:
                return ended
            process = self._by_pid.pop(pid, None)
            if process is not None:
                ended.append(Ended(process, _how(status)))

    def hush(self) -> bool:
        """Silence the bell; return whether it has rung."""
        try:
            return bool(os.read(self.bell, _MOST_BELLS))
        except BlockingIOError:
            return False

    def news(self) -> list[WorkerProcess]:
        """Return the workers whose phase is another than it was."""
        changed = [process for process in self if process.area.phase is not process.phase]
        for process in changed:
            process.phase = process.area.phase
        return changed

    def looks(self) -> dict[int, Look]:
        """Look at every worker."""
        return {
            process.worker: Look(process.area.progress, resident_bytes(process.pid))
            for process in self
        }

    def _ring(self) -> None:
        # Full: it has rung. Broken: nobody hears it, the supervisor has died.
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._button, b".")


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit {code}" if code >= 0 else f"signal {-code}"
