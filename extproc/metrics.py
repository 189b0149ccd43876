"""What the sidecar counts: one table of definitions with closed labels, and the tallies.

The tallies stand in memory that another process may share: a worker's supervisor reads what it
counted, also after its death. The event loop alone writes them, without a lock, because a flow must
cost a few microseconds here; prometheus-client shows them when somebody asks for /metrics
(metrics_page). No label ever holds text from traffic.
"""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from extproc.orders import End
from extproc.shared_area import Labels, SharedArea
from weirline.flow.report import FlowReport, Outcome
from weirline.policy.facts import Direction

# Rules and detectors are the operator's, so their number is his; a mistake must not eat the memory.
MOST_SERIES = 10_000
HANDLING_BUCKETS = (
    0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1.0,
)  # fmt: skip


class MetricKind(enum.Enum):
    """How a metric moves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Fault(enum.StrEnum):
    """Why a stream was ended by us with an error, so that Envoy's fail mode took over."""

    PEER_PROTOCOL = "peer_protocol"  # Envoy sent what the protocol forbids
    UNSUPPORTED_MODE = "unsupported_mode"  # Envoy asks for a body mode that is not built
    INTERNAL = "internal"  # an exception of ours
    IDLE = "idle"  # no message for stream_idle_seconds
    REFUSED_FULL = "refused_full"  # max_streams were open
    OVER_BUDGET = "over_budget"  # budget_bytes were kept already
    OVERTIME = "overtime"  # an answer took longer than answer_seconds


class ConnectionEnd(enum.StrEnum):
    """Why the fast transport ended a connection: its client floods, or breaks the protocol."""

    RESETS = "resets"  # streams opened and reset before anything was answered
    PINGS = "pings"
    SETTINGS = "settings"
    EMPTY_DATA = "empty_data"
    WINDOW_UPDATES = "window_updates"
    PRIORITIES = "priorities"
    HEADERS = "headers"  # requests with too many header bytes
    REFUSED_REQUESTS = "refused_requests"  # requests for something that is not served
    PROTOCOL = "protocol"  # what RFC 9113 forbids; CONTINUATION without end
    SILENT = "silent"  # not a word after connecting
    FULL = "full"  # too many connections at once
    PEER = "peer"  # a user that `peer_users` does not name


class ReloadResult(enum.StrEnum):
    """What became of a policy file that was read again."""

    LOADED = "loaded"
    REFUSED = "refused"


class KeyFetchResult(enum.StrEnum):
    """What became of a key set that was to be fetched."""

    FETCHED = "fetched"
    FAILED = "failed"


class CacheOutcome(enum.StrEnum):
    """Where the pattern database came from."""

    HIT = "hit"  # from the cache, its HMAC right
    STORED = "stored"  # compiled, and written to the cache
    REJECTED = "rejected"  # a file was there but its HMAC was wrong: compiled
    UNUSABLE = "unusable"  # the state directory cannot be used: compiled, not written


@dataclass(frozen=True, slots=True, eq=False)  # by identity: a hash of the fields costs 2 us
class Metric:
    """One metric: its name as Prometheus shows it (a counter's ends in _total), and its labels."""

    name: str
    kind: MetricKind
    labels: Labels
    doc: str


def _counter(name: str, labels: str, doc: str) -> Metric:
    return Metric(f"weirline_{name}_total", MetricKind.COUNTER, tuple(labels.split()), doc)


def _gauge(name: str, labels: str, doc: str) -> Metric:
    return Metric(f"weirline_{name}", MetricKind.GAUGE, tuple(labels.split()), doc)


FLOWS = _counter("flows", "outcome", "Exchanges that are over, by how they ended.")
FINDINGS = _counter(
    "findings",
    "detector category direction place action shadow",
    "Values found, by what was done about them; shadow: decided, not carried out.",
)
RULE_MATCHES = _counter(
    "rule_matches", "rule action shadow", "Values found that a rule of the policy selected."
)
UNSCANNED = _counter(
    "unscanned", "direction reason", "Bodies in scope not scanned, or not to their end."
)
BROKEN_SIGNATURES = _counter(
    "broken_signatures", "direction kind", "Masked bodies that a signature beside them covers."
)
SCANNED_BYTES = _counter("scanned_bytes", "direction", "Bytes looked at.")
MESSAGES = _counter("messages", "", "Messages taken from Envoy.")
FAULTS = _counter("faults", "kind", "Streams that we ended with an error, by why.")
CONNECTIONS_CLOSED = _counter(
    "connections_closed", "reason", "Connections that the fast transport ended, by why."
)
RELOADS = _counter("reloads", "result", "Times the policy file was read again.")
KEY_FETCHES = _counter("key_fetches", "result", "Key sets that were to be fetched, by outcome.")
SERIES_DROPPED = _counter(
    "metric_series_dropped", "", "Counts not kept because a metric had too many series."
)
WORKER_ENDS = _counter("worker_ends", "reason", "Workers whose process is over, by why.")
WORKER_CPU = _counter("worker_cpu_seconds", "worker", "Processor time of the workers that run.")
WORKER_MEMORY = _gauge(
    "worker_resident_memory_bytes", "worker", "Resident memory of the workers that run."
)
WORKERS_SERVING = _gauge("workers_serving", "", "Workers that serve now.")
SLOW_ANSWERS = _counter(
    "slow_answers", "", "Messages whose answer took longer than slow_answer_seconds."
)
KEPT_BYTES = _gauge("kept_bytes", "", "Bytes that flows keep between two messages.")
STREAMS_ACTIVE = _gauge("streams_active", "", "Streams that are open now.")
READY = _gauge("ready", "", "1 where /readyz says so.")
BUILD_INFO = _gauge("build_info", "version python", "Always 1; which program this is.")
TRANSPORT_INFO = _gauge("transport_info", "transport", "Always 1; which server speaks gRPC.")
POLICY_INFO = _gauge("policy_info", "name mode digest", "Always 1; which policy is in force.")
PATTERN_CACHE = _gauge("pattern_cache", "outcome", "Always 1; where the patterns came from.")
HANDLING = Metric(
    "weirline_handling_seconds",
    MetricKind.HISTOGRAM,
    (),
    "Time from a message taken to its answer made.",
)

METRICS: tuple[Metric, ...] = (
    FLOWS, FINDINGS, RULE_MATCHES, UNSCANNED, BROKEN_SIGNATURES, SCANNED_BYTES, MESSAGES, FAULTS,
    CONNECTIONS_CLOSED, SLOW_ANSWERS, KEPT_BYTES,
    RELOADS, KEY_FETCHES, SERIES_DROPPED, WORKER_ENDS, WORKER_CPU, WORKER_MEMORY, WORKERS_SERVING,
    STREAMS_ACTIVE, READY, BUILD_INFO, TRANSPORT_INFO, POLICY_INFO, PATTERN_CACHE, HANDLING,
)  # fmt: skip

_NO_LABELS: Labels = ()
_NUMBERS = {metric: number for number, metric in enumerate(METRICS)}
_COUNTED = {_NUMBERS[metric] for metric in METRICS if metric.kind is not MetricKind.HISTOGRAM}
# Series that stand at zero from the start, so that an alarm can tell «none» from «not scraped».
_ALWAYS: dict[Metric, type[enum.StrEnum]] = {
    FLOWS: Outcome,
    SCANNED_BYTES: Direction,
    FAULTS: Fault,
    CONNECTIONS_CLOSED: ConnectionEnd,
    RELOADS: ReloadResult,
    KEY_FETCHES: KeyFetchResult,
    WORKER_ENDS: End,
}


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts a bucket (not cumulative, the last one above all bounds) and the sum in seconds."""

    counts: tuple[float, ...]
    total_s: float


Snapshot = tuple[dict[Metric, dict[Labels, float]], Histogram]


class Tallies:
    """The counts of one process. Written by its event loop alone; mutable.

    They stand in `area`, which a supervisor reads; a gauge with one series (`set_only`) and a
    watched one are known here only. A series beyond the bounds is counted as dropped.
    """

    def __init__(self, area: SharedArea | None = None) -> None:
        self._area = area or SharedArea()
        self._cells = self._area.cells
        self._histogram = self._area.histogram
        self._known: dict[Metric, dict[Labels, int]] = {metric: {} for metric in METRICS}
        self._only: dict[Metric, dict[Labels, float]] = {READY: {_NO_LABELS: 0}}
        self._watched: dict[Metric, Callable[[], float]] = {}
        for metric in (MESSAGES, SERIES_DROPPED, STREAMS_ACTIVE, SLOW_ANSWERS, KEPT_BYTES):
            self.add(metric, _NO_LABELS, 0)
        for metric, values in _ALWAYS.items():
            for value in values:
                self.add(metric, (value.value,), 0)
        # What every flow counts, found once.
        self._messages = self._known[MESSAGES][_NO_LABELS]
        self._outcomes = {each: self._known[FLOWS][each.value,] for each in Outcome}
        self._directions = {each: self._known[SCANNED_BYTES][each.value,] for each in Direction}

    def add(self, metric: Metric, labels: Labels = _NO_LABELS, amount: float = 1) -> None:
        """Add `amount` (may be negative for a gauge) to one series of `metric`."""
        cell = self._known[metric].get(labels)
        if cell is None:
            cell = self._allot(metric, labels)
            if cell is None:
                self.add(SERIES_DROPPED)
                return
        self._cells[cell] += amount

    def set_only(self, metric: Metric, labels: Labels = _NO_LABELS, value: float = 1) -> None:
        """Make `labels` the one series of `metric`: what an info gauge needs when it changes."""
        self._only[metric] = {labels: value}

    def handled(self, seconds: float) -> None:
        """Count one message answered after `seconds`."""
        histogram = self._histogram
        histogram[bisect_left(HANDLING_BUCKETS, seconds)] += 1
        histogram[-1] += seconds

    def watch(self, metric: Metric, current: Callable[[], float]) -> None:
        """Let `current` say what the gauge `metric` stands at, whenever this process looks."""
        self._watched[metric] = current

    def cell(self, metric: Metric) -> memoryview[float]:
        """Return the one cell of a metric without labels, to be set without a call."""
        place = self._known[metric][_NO_LABELS]
        return self._cells[place : place + 1]

    def fold(self, report: FlowReport) -> None:
        """Add the counts of a flow that is over. Costs under 1 us where nothing was found."""
        cells, outcomes, directions = self._cells, self._outcomes, self._directions
        cells[outcomes[report.outcome]] += 1
        cells[self._messages] += report.messages
        for direction, size in report.scanned_bytes.items():
            cells[directions[direction]] += size
        if report.unscanned:
            for (direction, reason), count in report.unscanned.items():
                self.add(UNSCANNED, (direction.value, reason.value), count)
        if report.rule_actions:
            for (rule, action, shadow), count in report.rule_actions.items():
                self.add(RULE_MATCHES, (rule, action, "true" if shadow else "false"), count)
        if report.findings:
            self._fold_findings(report)
            for (direction, kind), count in report.broken_signatures.items():
                self.add(BROKEN_SIGNATURES, (direction.value, kind.value), count)

    def _fold_findings(self, report: FlowReport) -> None:
        for key, count in report.findings.items():
            shadow = "true" if key.shadow else "false"
            where = (key.detector, key.category, key.direction.value, key.place.value)
            self.add(FINDINGS, (*where, key.action, shadow), count)
            if key.rule:
                self.add(RULE_MATCHES, (key.rule, key.action, shadow), count)

    def absorb(self, snapshot: Snapshot) -> None:
        """Add what another process counted that is gone: its counters, and no gauge."""
        values, histogram = snapshot
        for metric, series in values.items():
            if metric.kind is MetricKind.COUNTER:
                for labels, value in series.items():
                    self.add(metric, labels, value)
        for bucket, count in enumerate(histogram.counts):
            self._histogram[bucket] += count
        self._histogram[-1] += histogram.total_s

    def value(self, metric: Metric, labels: Labels = _NO_LABELS) -> float:
        """Return one series' value, 0 where it has not been counted yet."""
        return self.snapshot()[0][metric].get(labels, 0)

    def snapshot(self) -> Snapshot:
        """Return copies of all counts, for a reader in another thread."""
        values, histogram = snapshot_of(self._area)
        for metric, series in self._only.items():
            values[metric] = dict(series)
        for metric, current in self._watched.items():
            values[metric] = {_NO_LABELS: current()}
        return values, histogram

    def _allot(self, metric: Metric, labels: Labels) -> int | None:
        known = self._known[metric]
        if len(known) >= MOST_SERIES:
            return None
        cell = self._area.allot(_NUMBERS[metric], labels)
        if cell is not None:
            known[labels] = cell
        return cell


def snapshot_of(area: SharedArea) -> Snapshot:
    """Return copies of all counts in `area`, whichever process writes them."""
    values: dict[Metric, dict[Labels, float]] = {
        metric: {} for metric in METRICS if metric.kind is not MetricKind.HISTOGRAM
    }
    for number, labels, value in area.series():
        metric = METRICS[number] if number in _COUNTED else None
        if metric is not None and len(labels) == len(metric.labels):
            values[metric][labels] = value
    buckets = area.histogram[: len(HANDLING_BUCKETS) + 1]
    return values, Histogram(tuple(buckets), area.histogram[-1])
