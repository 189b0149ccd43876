"""Whether the sidecar should get traffic, and if not, why: what /readyz answers.

Reasons are a closed set, so that an alarm can name them.
"""

from __future__ import annotations

import enum


class Reason(enum.StrEnum):
    """Why the sidecar is not ready."""

    STARTING = "starting"
    DRAINING = "draining"
    WORKERS_DOWN = "workers_down"  # all of them die as soon as they serve


class Readiness:
    """Holds the reasons against being ready. Mutable; owned by the program."""

    def __init__(self) -> None:
        self._reasons: set[Reason] = {Reason.STARTING}

    def raise_reason(self, reason: Reason) -> None:
        """Say that `reason` keeps traffic away from now on."""
        self._reasons.add(reason)

    def clear(self, reason: Reason) -> None:
        """Say that `reason` is over."""
        self._reasons.discard(reason)

    @property
    def ready(self) -> bool:
        """True while nothing speaks against traffic."""
        return not self._reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against traffic, in alphabetical order."""
        return tuple(sorted(reason.value for reason in self._reasons))
