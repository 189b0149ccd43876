"""Keeps the memory of a body that is done for the next one, instead of giving it back at once.

glibc hands blocks above 128 KiB back to the system when they are freed and takes them anew for the
next body; each page is then mapped and cleared again, some 150 us for a body of 200 KiB. What is
kept here is bounded. Without glibc nothing is changed. Source: mallopt(3).
"""

from __future__ import annotations

import ctypes
from typing import Final

KEPT_BYTES: Final = 16 << 20  # of free memory at the heap's end; more goes back to the system
OWN_MAPPING_BYTES: Final = 8 << 20  # a block as large as this goes back by itself when freed
GROWTH_BYTES: Final = 1 << 20  # by which the heap grows beyond what is asked for

_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3


def keep_freed_memory() -> bool:
    """Set the bounds for this process and those forked from it; return whether all were taken."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    bounds = (
        (_M_TRIM_THRESHOLD, KEPT_BYTES),
        (_M_TOP_PAD, GROWTH_BYTES),
        (_M_MMAP_THRESHOLD, OWN_MAPPING_BYTES),
    )
    taken = [bool(mallopt(name, size)) for name, size in bounds]
    return all(taken)
