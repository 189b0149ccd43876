"""The words between supervision and the supervisor: what was seen of workers, what is to be done.

Values only; what they lead to is decided in `extproc.supervision` and carried out by
`extproc.supervisor`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class End(enum.StrEnum):
    """Why a worker ended."""

    ASKED = "asked"  # told to leave: a stop, another policy, its size
    CRASH = "crash"
    HUNG = "hung"  # killed: no sign of life for `hang_seconds`
    MEMORY = "memory"  # killed: twice as large as it may be
    CPU = "cpu"  # ended by the system: it computed on after answer_seconds
    LATE = "late"  # killed: did not leave within `drain_seconds`


@dataclass(frozen=True, slots=True)
class Fork:
    """Fork a worker for a place; `worker` is its number from now on."""

    worker: int
    place: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell a worker to leave: no new streams, the open ones to their end."""

    worker: int


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill a worker."""

    worker: int
    why: End


@dataclass(frozen=True, slots=True)
class Publish:
    """Give a place's socket its name: its worker serves."""

    place: int


@dataclass(frozen=True, slots=True)
class Shut:
    """Close a place's socket, so that connections are refused, for `seconds`."""

    place: int
    seconds: float


Action = Fork | Tell | Kill | Publish | Shut


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may do. Seconds and bytes; `memory_bytes` 0 is no bound."""

    hang_s: float
    memory_bytes: int
    drain_s: float


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a worker: a number that rises while it lives, and its resident size."""

    progress: float
    resident_bytes: int
