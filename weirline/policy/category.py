"""Turns category names into the detectors they stand for.

The built-in categories are the ones detectors themselves name. A policy may define its own, or
define a built-in name anew; inside its own definition such a name still means the built-in one.
Names that lead nowhere and circles are given back as such, never skipped: a rule that looks for
nothing would look like protection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weirline.detect.detector import Detector, Severity
from weirline.policy.policy import Category

BUILTIN_CATEGORIES = (
    "payment",
    "identity",
    "health",
    "contact",
    "network",
    "secrets",
    "server_internals",
)

_SEVERITY_RANK = {
    Severity.LOW: 0,
    Severity.MEDIUM: 1,
    Severity.HIGH: 2,
    Severity.CRITICAL: 3,
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a category stands for: the least confidence that counts, by detector id.

    `severity_rank` grows with severity. `undefined` and `circular` are positions in `detect` whose
    name is not defined, or leads back to the category itself.
    """

    floors: Mapping[str, float]
    severity_rank: int
    undefined: tuple[int, ...] = ()
    circular: tuple[int, ...] = ()


class CategoryIndex:
    """All categories a policy can name. Built once for a policy; immutable afterwards."""

    def __init__(self, own: Mapping[str, Category], detectors: Sequence[Detector]) -> None:
        self._own = own
        self._detectors = {detector.id: detector for detector in detectors}
        self._builtin: dict[str, list[Detector]] = {name: [] for name in BUILTIN_CATEGORIES}
        for detector in detectors:
            self._builtin.setdefault(detector.category, []).append(detector)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name a rule may look for."""
        return (*dict.fromkeys((*self._own, *self._builtin)),)

    @property
    def detect_names(self) -> tuple[str, ...]:
        """Every name that may stand in `detect`: detectors and categories."""
        return (*self._detectors, *self.names)

    def resolve(self, name: str) -> Resolved | None:
        """Return what a category stands for; None if there is none of that name."""
        if name in self._own:
            return self._resolve_own(name, (name,))
        if name in self._builtin:
            return self._resolve_builtin(name)
        return None

    def _resolve_builtin(self, name: str) -> Resolved:
        members = self._builtin[name]
        rank = max((_SEVERITY_RANK[member.severity] for member in members), default=0)
        return Resolved({member.id: 0.0 for member in members}, rank)

    def _resolve_own(self, name: str, trail: tuple[str, ...]) -> Resolved:
        category = self._own[name]
        floors: dict[str, float] = {}
        undefined: list[int] = []
        circular: list[int] = []
        for position, member in enumerate(category.detect):
            found = self._members(member, trail)
            if found is None:
                undefined.append(position)
            elif isinstance(found, Resolved):
                if found.circular:
                    circular.append(position)
                _lower(floors, found.floors)
            else:
                circular.append(position)
        floors = {key: max(floor, category.min_confidence) for key, floor in floors.items()}
        return Resolved(
            floors, _SEVERITY_RANK[category.severity], tuple(undefined), tuple(circular)
        )

    def _members(self, member: str, trail: tuple[str, ...]) -> Resolved | str | None:
        """What one name in `detect` stands for; the name itself if it closes a circle."""
        if member in self._detectors:
            return Resolved({member: 0.0}, 0)
        if member == trail[-1] or member not in self._own:
            return self._resolve_builtin(member) if member in self._builtin else None
        if member in trail:
            return member
        return self._resolve_own(member, (*trail, member))


def _lower(floors: dict[str, float], others: Mapping[str, float]) -> None:
    for detector, floor in others.items():
        floors[detector] = min(floor, floors.get(detector, floor))
