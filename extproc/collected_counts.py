"""The counts of a sidecar with workers: the supervisor's own, and those of the workers that run.

What a worker counted is added to the supervisor's own when its process is over, so that no counter
ever falls. Gauges add up over the workers that run.
"""

from __future__ import annotations

from extproc.metrics import (
    WORKER_CPU,
    WORKER_ENDS,
    WORKER_MEMORY,
    Histogram,
    Metric,
    Snapshot,
    Tallies,
    snapshot_of,
)
from extproc.orders import End
from extproc.process_figures import cpu_seconds, resident_bytes
from extproc.shared_area import Labels, SharedArea
from extproc.worker_processes import WorkerProcesses


class CollectedCounts:
    """Shows the counts of all processes as those of one."""

    def __init__(self, own: Tallies, processes: WorkerProcesses) -> None:
        self._own = own
        self._processes = processes

    def set_only(self, metric: Metric, labels: Labels = (), value: float = 1) -> None:
        """Set a gauge that the supervisor alone knows."""
        self._own.set_only(metric, labels, value)

    def keep(self, area: SharedArea, why: End) -> None:
        """Add the counts of a worker that has ended to the supervisor's own."""
        self._own.absorb(snapshot_of(area))
        self._own.add(WORKER_ENDS, (why.value,))

    def value(self, metric: Metric, labels: Labels = ()) -> float:
        """Return one series' sum over all processes."""
        return self.snapshot()[0][metric].get(labels, 0)

    def snapshot(self) -> Snapshot:
        """Return the sums over all processes."""
        values, histogram = self._own.snapshot()
        for process in self._processes:
            theirs, handled = snapshot_of(process.area)
            for metric, series in theirs.items():
                _add(values[metric], series)
            histogram = _sum(histogram, handled)
            place = (str(process.place),)
            _add(values[WORKER_MEMORY], {place: resident_bytes(process.pid)})
            _add(values[WORKER_CPU], {place: cpu_seconds(process.pid)})
        return values, histogram


def _add(series: dict[Labels, float], more: dict[Labels, float]) -> None:
    for labels, value in more.items():
        series[labels] = series.get(labels, 0) + value


def _sum(one: Histogram, other: Histogram) -> Histogram:
    counts = tuple(map(sum, zip(one.counts, other.counts, strict=True)))
    return Histogram(counts, one.total_s + other.total_s)
