"""From detectors to the expressions the matcher runs, and back from its hits.

Detectors with the same trigger share one expression: the engine then reports one hit, not several.
One database holds them all; two databases would walk the body twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from weirline.detect.detector import Detector
from weirline.detect.matcher import Expression, Hits


class PatternSet:
    """The triggers of a set of detectors, each once. Immutable."""

    __slots__ = ("_owners", "detectors", "expressions")

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self.detectors = tuple(detectors)
        owners: dict[Expression, list[int]] = {}
        for index, detector in enumerate(self.detectors):
            owners.setdefault(trigger_of(detector), []).append(index)
        self.expressions = tuple(owners)
        self._owners = tuple(tuple(indices) for indices in owners.values())

    def by_detector(self, hits: Hits) -> dict[int, list[int]]:
        """Return the ends of the hits for each detector, by its index, in ascending order."""
        ends: dict[int, list[int]] = {}
        for expression, end in hits.ends:
            for index in self._owners[expression]:
                ends.setdefault(index, []).append(end)
        return ends


def trigger_of(detector: Detector) -> Expression:
    """Return the expression that makes the confirm step look for this detector."""
    return Expression(detector.trigger or detector.pattern, detector.caseless)
