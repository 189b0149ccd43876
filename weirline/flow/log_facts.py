"""What Envoy's access log is told of a flow: counts and words of closed sets, never a value.

Everything is taken from the flow's report, so the log can say no more than the metrics do. Lists
are cut at MOST_NAMES, the most frequent first: a client must not be able to make log lines grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from weirline.flow.report import FlowReport

MOST_NAMES = 20
_REAL = ("redact", "block")
_HARDEST = {"redact": 1, "rate_limit": 2, "block": 3}


class LogFacts(NamedTuple):
    """One flow as far as it has come.

    `decision` is its outcome so far; `shadow` the hardest action that rules in shadow would have
    taken, empty where none. `counts` are findings by detector; `findings` their sum. `rules` are
    ids of rules that acted, in force or not.
    """

    decision: str
    shadow: str
    findings: int
    counts: tuple[tuple[str, int], ...]
    categories: tuple[str, ...]
    rules: tuple[str, ...]
    unscanned: tuple[str, ...]


def weight(report: FlowReport) -> int:
    """Return a number that grows whenever there is more to tell."""
    found = sum(report.findings.values()) + sum(report.rule_actions.values())
    return found + len(report.unscanned)


def log_facts(report: FlowReport) -> LogFacts:
    """Return what there is to tell of a flow; a few microseconds."""
    kinds: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    shadowed: set[str] = set()
    for key, number in report.findings.items():
        if key.rule:
            rules[key.rule] += number
        if key.shadow:
            shadowed.add(key.action)
        # An alert, and a rule in shadow beside one in force, count a value a second time.
        if key.action == "alert" or (key.shadow and _acted_too(report, key.detector, key.place)):
            continue
        kinds[key.detector] += number
        categories[key.category] += number
    for counted, number in report.rule_actions.items():
        rules[counted.rule] += number
        if counted.shadow:
            shadowed.add(counted.action)
    hardest = max(shadowed & _HARDEST.keys(), key=_HARDEST.__getitem__, default="")
    return LogFacts(
        decision=report.outcome.value,
        shadow=hardest,
        findings=kinds.total(),
        counts=tuple(kinds.most_common(MOST_NAMES)),
        categories=_first(categories),
        rules=_first(rules),
        unscanned=tuple(sorted({reason.value for _, reason in report.unscanned})),
    )


def _acted_too(report: FlowReport, detector: str, place: object) -> bool:
    return any(
        key.detector == detector and key.place is place and not key.shadow and key.action in _REAL
        for key in report.findings
    )


def _first(names: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(_names(names.most_common(MOST_NAMES))))


def _names(counted: Iterable[tuple[str, int]]) -> Iterable[str]:
    return (name for name, _ in counted)
