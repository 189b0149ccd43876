"""Says by how much dearer a work twice as large is: what a test of linear cost asserts.

A ratio within one run holds on a loaded machine where a number of seconds does not.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
ROUNDS = 5
LINEAR = 3.0  # a work that grows with the square costs four times as much


def growth(work: Callable[[T], object], once: T, twice: T) -> float:
    """Return time(twice) / time(once) of CPU, the least of alternating rounds each."""
    times: tuple[list[float], list[float]] = ([], [])
    gc.disable()  # what it looks through is what all the other tests have left behind
    try:
        for _ in range(ROUNDS):
            for taken, size in zip(times, (once, twice), strict=True):
                began = time.process_time_ns()
                work(size)
                taken.append(max(time.process_time_ns() - began, 1))
    finally:
        gc.enable()
    return min(times[1]) / min(times[0])
