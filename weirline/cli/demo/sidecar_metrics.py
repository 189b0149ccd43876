"""What the sidecar says of itself: its /metrics page, read as any Prometheus would.

The demo asks between requests, so that a difference of two pages is what one request amounted to.
It knows the metrics by their documented names (docs/reference/metrics.md) and nothing else of the
sidecar. Source of the form: the Prometheus text exposition format 0.0.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

FLOWS = "weirline_flows_total"
FINDINGS = "weirline_findings_total"
RULES = "weirline_rule_matches_total"
TRANSPORT = "weirline_transport_info"
LINE = re.compile(r"^(\w+)(?:\{(.*)\})? ([0-9.eE+-]+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Series(NamedTuple):
    """One line of the page that carries a number."""

    name: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """Values found, by detector and by the rule that selected them."""

    detectors: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def since(self, earlier: FindingCounts) -> FindingCounts:
        """Return what came on top of `earlier`."""
        return FindingCounts(self.detectors - earlier.detectors, self.rules - earlier.rules)


@dataclass(frozen=True, slots=True)
class Page:
    """What the demo needs of one /metrics page. `flows` counts exchanges that are over."""

    flows: int
    findings: FindingCounts
    transport: str


def read_page(text: str) -> Page:
    """Return what the page says; a metric that is not there counts nothing."""
    flows = 0
    findings = FindingCounts()
    transport = "unknown"
    for series in _series(text):
        if series.name == FLOWS:
            flows += int(series.value)
        elif series.name == FINDINGS:
            findings.detectors[series.labels["detector"]] += int(series.value)
        elif series.name == RULES:
            findings.rules[series.labels["rule"]] += int(series.value)
        elif series.name == TRANSPORT:
            transport = series.labels["transport"]
    return Page(flows, findings, transport)


def _series(text: str) -> list[Series]:
    return [
        Series(match[1], dict(LABEL.findall(match[2] or "")), float(match[3]))
        for match in map(LINE.match, text.splitlines())
        if match
    ]
