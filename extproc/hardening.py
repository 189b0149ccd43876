"""Keeps what passes through this process out of core dumps and other processes' reach.

Bodies stand in memory while they are scanned. Refuses nothing: where the system does not allow a
step, the program runs without it and the caller learns so. Source: prctl(2), core(5).
"""

from __future__ import annotations

import ctypes
import resource

_PR_SET_DUMPABLE = 4


def protect_memory() -> bool:
    """Turn core dumps off and refuse ptrace by others of our user; return whether both worked."""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        libc = ctypes.CDLL(None, use_errno=True)
        return int(libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)) == 0
    except (OSError, ValueError, AttributeError):
        return False
