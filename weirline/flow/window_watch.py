"""Hands what is seen in one exchange to the windows of the policy, as it is seen.

A request counts once in a window of requests, however many values it or its response holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from weirline.flow.report import FlowReport
from weirline.policy.compiled_window import Sighting
from weirline.policy.facts import Facts
from weirline.policy.gate import Meter, went_over
from weirline.policy.policy import Measure


class WindowWatch:
    """Mutable: it remembers in which windows the request has counted. Owned by one flow."""

    __slots__ = ("_counted", "_meter", "_report")

    def __init__(self, meter: Meter, report: FlowReport) -> None:
        self._meter = meter
        self._report = report
        self._counted: set[str] = set()

    def saw(self, seen: Iterable[Sighting], facts: Facts) -> None:
        """Add what was seen, and count each actor that went over a limit by it."""
        for sighting in seen:
            window = sighting.window
            added = sighting
            if window.measure is Measure.REQUESTS:
                if window.id in self._counted:
                    continue
                self._counted.add(window.id)
                added = Sighting(window, 1)
            if self._meter.saw(added, facts):
                self._report.rule_actions[went_over(window)] += 1
