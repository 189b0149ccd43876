"""The least confidence that counts: one for all kinds, and others for single ones.

Weak kinds are worth looking for where they are rare and noise where they are not; who runs the
scanner says which. A route's own floors are another `Floors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DEFAULT_FLOOR: Final = 0.5


class Floors:
    """Floors by detector id. Immutable."""

    __slots__ = ("_by_detector", "_floor")

    def __init__(
        self, floor: float = DEFAULT_FLOOR, by_detector: Mapping[str, float] | None = None
    ) -> None:
        """`floor` holds for every detector that `by_detector` does not name; both are 0 to 1."""
        self._floor = floor
        self._by_detector = MappingProxyType(dict(by_detector or {}))

    def of(self, detector: str) -> float:
        """Return the least confidence at which a value of `detector` counts."""
        return self._by_detector.get(detector, self._floor)
