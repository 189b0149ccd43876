from __future__ import annotations

import os
import signal
import subprocess
import sys

from extproc.shared_area import Phase, SharedArea
from extproc.worker_processes import WorkerProcesses
from tests.fakes.worker_crew import Ring, crew, serve_until_told


def test_worker_that_rings_is_news_once() -> None:
    with crew() as made:
        made.fork(4, serve_until_told, place=2)
        made.rung()
        (process,) = made.processes.news()
        assert (process.worker, process.place, process.phase) == (4, 2, Phase.SERVING)
        assert made.processes.news() == []


def test_worker_that_ends_tells_how_and_is_forgotten() -> None:
    with crew() as made:
        made.fork(1, lambda _area, _ring: 3)
        (ended,) = made.reap()
        assert (ended.process.worker, ended.how) == (1, "exit 3")
        made.fork(2, serve_until_told)
        made.processes.send(2, signal.SIGTERM)
        (ended,) = made.reap()
        assert (ended.process.worker, ended.how) == (2, "signal 15")
        assert not list(made.processes)
        made.processes.send(2, signal.SIGTERM)


def test_worker_that_is_looked_at_shows_its_progress_and_size() -> None:
    def beat(area: SharedArea, ring: Ring) -> int:
        area.beat()
        return serve_until_told(area, ring)

    with crew() as made:
        made.fork(7, beat)
        made.rung()
        looks = made.processes.looks()
        assert list(looks) == [7]
        assert looks[7].progress == 1
        assert looks[7].resident_bytes > 1 << 20


def test_orphan_of_somebody_else_is_waited_for_and_forgotten() -> None:
    processes = WorkerProcesses()
    stranger = subprocess.Popen([sys.executable, "-S", "-c", ""])
    while os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT) is None:
        continue
    assert processes.reap() == []
    assert stranger.wait() == 0


def test_bell_rings_on_after_it_was_filled_to_the_brim() -> None:
    def ring_often(_area: SharedArea, ring: Ring) -> int:
        for _ in range(70_000):
            ring()
        return 0

    with crew() as made:
        made.fork(0, ring_often)
        (ended,) = made.reap()
        assert ended.how == "exit 0"
        made.rung()
