"""What the sidecar counts: one table of definitions with closed labels, and the tallies.

The tallies are plain dicts that the event loop alone writes, because a flow must cost a few
microseconds here; prometheus-client reads them when somebody asks for /metrics (metrics_page).
No label ever holds text from traffic.
"""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from weirline.flow.report import FlowReport, Outcome

Labels = tuple[str, ...]

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


class ConnectionEnd(enum.StrEnum):
    """Why the fast transport ended a connection: its client floods, or breaks the protocol."""

    RESETS = "resets"  # streams opened and reset before anything was answered
    PINGS = "pings"
    SETTINGS = "settings"
    EMPTY_DATA = "empty_data"
    WINDOW_UPDATES = "window_updates"
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
SCANNED_BYTES = _counter("scanned_bytes", "direction", "Bytes looked at.")
MESSAGES = _counter("messages", "", "Messages taken from Envoy.")
FAULTS = _counter("faults", "kind", "Streams that we ended with an error, by why.")
CONNECTIONS_CLOSED = _counter(
    "connections_closed", "reason", "Connections that the fast transport ended, by why."
)
RELOADS = _counter("reloads", "result", "Times the policy file was read again.")
SERIES_DROPPED = _counter(
    "metric_series_dropped", "", "Counts not kept because a metric had too many series."
)
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
    FLOWS, FINDINGS, RULE_MATCHES, UNSCANNED, SCANNED_BYTES, MESSAGES, FAULTS, CONNECTIONS_CLOSED,
    RELOADS, SERIES_DROPPED, STREAMS_ACTIVE, READY, BUILD_INFO, TRANSPORT_INFO, POLICY_INFO,
    PATTERN_CACHE, HANDLING,
)  # fmt: skip

_NO_LABELS: Labels = ()
_OUTCOMES: dict[Outcome, Labels] = {outcome: (outcome.value,) for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts a bucket (not cumulative, the last one above all bounds) and the sum in seconds."""

    counts: tuple[int, ...]
    total_s: float


class Tallies:
    """The counts of one process. Written by the event loop alone; owned by the program."""

    def __init__(self) -> None:
        self._values: dict[Metric, dict[Labels, float]] = {
            metric: {} for metric in METRICS if metric.kind is not MetricKind.HISTOGRAM
        }
        for metric in (MESSAGES, SERIES_DROPPED, STREAMS_ACTIVE, READY):
            self._values[metric][_NO_LABELS] = 0
        for fault in Fault:
            self._values[FAULTS][fault.value,] = 0
        for reason in ConnectionEnd:
            self._values[CONNECTIONS_CLOSED][reason.value,] = 0
        for result in ReloadResult:
            self._values[RELOADS][result.value,] = 0
        self._watched: dict[Metric, Callable[[], float]] = {}
        self._buckets = [0] * (len(HANDLING_BUCKETS) + 1)
        self._handled_s = 0.0

    def add(self, metric: Metric, labels: Labels = _NO_LABELS, amount: float = 1) -> None:
        """Add `amount` (may be negative for a gauge) to one series of `metric`."""
        series = self._values[metric]
        known = series.get(labels)
        if known is not None:
            series[labels] = known + amount
        elif len(series) < MOST_SERIES:
            series[labels] = amount
        else:
            self._values[SERIES_DROPPED][_NO_LABELS] += 1

    def set_only(self, metric: Metric, labels: Labels = _NO_LABELS, value: float = 1) -> None:
        """Make `labels` the one series of `metric`: what an info gauge needs when it changes."""
        self._values[metric] = {labels: value}

    def handled(self, seconds: float) -> None:
        """Count one message answered after `seconds`."""
        self._buckets[bisect_left(HANDLING_BUCKETS, seconds)] += 1
        self._handled_s += seconds

    def watch(self, metric: Metric, current: Callable[[], float]) -> None:
        """Let `current` say what the gauge `metric` stands at, whenever somebody looks."""
        self._watched[metric] = current

    def fold(self, report: FlowReport) -> None:
        """Add the counts of a flow that is over. Costs about 1 us where nothing was found."""
        add = self.add
        add(FLOWS, _OUTCOMES[report.outcome])
        add(MESSAGES, _NO_LABELS, report.messages)
        for direction, size in report.scanned_bytes.items():
            add(SCANNED_BYTES, (direction.value,), size)
        if report.unscanned:
            for (direction, reason), count in report.unscanned.items():
                add(UNSCANNED, (direction.value, reason.value), count)
        if report.findings:
            self._fold_findings(report)

    def _fold_findings(self, report: FlowReport) -> None:
        for key, count in report.findings.items():
            shadow = "true" if key.shadow else "false"
            where = (key.detector, key.category, key.direction.value, key.place.value)
            self.add(FINDINGS, (*where, key.action, shadow), count)
            if key.rule:
                self.add(RULE_MATCHES, (key.rule, key.action, shadow), count)

    def value(self, metric: Metric, labels: Labels = _NO_LABELS) -> float:
        """Return one series' value, 0 where it has not been counted yet."""
        if metric in self._watched:
            return self._watched[metric]()
        return self._values[metric].get(labels, 0)

    def snapshot(self) -> tuple[dict[Metric, dict[Labels, float]], Histogram]:
        """Return copies of all counts, for a reader in another thread."""
        values = {metric: dict(series) for metric, series in self._values.items()}
        for metric, current in self._watched.items():
            values[metric] = {_NO_LABELS: current()}
        return values, Histogram(tuple(self._buckets), self._handled_s)
