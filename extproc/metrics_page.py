"""Renders the tallies as a Prometheus page.

prometheus-client is imported with this module, and this module at the first scrape, because it
costs 40 ms that the start does not have. Source: the text exposition format 0.0.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from extproc.metrics import (
    HANDLING,
    HANDLING_BUCKETS,
    Histogram,
    Metric,
    MetricKind,
    Snapshot,
)
from extproc.shared_area import Labels

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric as Family


class TallyCollector(Collector):
    """Hands one snapshot to prometheus-client, in its own classes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._values, self._histogram = snapshot

    def collect(self) -> Iterable[Family]:
        """Yield every metric of the table, also those without a series yet."""
        for metric, series in self._values.items():
            yield _family(metric, series)
        yield _handling(self._histogram)


def render(snapshot: Snapshot) -> bytes:
    """Return the page for `snapshot`, with this process's own figures (memory, CPU, files)."""
    registry = CollectorRegistry()
    registry.register(TallyCollector(snapshot))
    ProcessCollector(namespace="weirline", registry=registry)
    page: bytes = generate_latest(registry)
    return page


def _family(metric: Metric, series: dict[Labels, float]) -> Family:
    family: CounterMetricFamily | GaugeMetricFamily
    if metric.kind is MetricKind.COUNTER:
        name = metric.name.removesuffix("_total")
        family = CounterMetricFamily(name, metric.doc, labels=metric.labels)
    else:
        family = GaugeMetricFamily(metric.name, metric.doc, labels=metric.labels)
    for labels, value in series.items():
        family.add_metric(labels, value)
    return family


def _handling(histogram: Histogram) -> Family:
    family = HistogramMetricFamily(HANDLING.name, HANDLING.doc, labels=HANDLING.labels)
    seen = 0.0
    buckets: list[tuple[str, float]] = []
    bounds = [*map(str, HANDLING_BUCKETS), "+Inf"]
    for bound, count in zip(bounds, histogram.counts, strict=True):
        seen += count
        buckets.append((bound, seen))
    family.add_metric((), buckets, histogram.total_s)
    return family
