"""Bounds that the system keeps for a worker, whatever the code in it does.

Bodies are unpacked and read by compiled code; a flaw in it could take all memory or never return.
Memory beyond RLIMIT_AS is refused to whoever asks for it, which ends that one stream; processor
time is granted a few seconds ahead (RLIMIT_CPU) and no more once an answer is overdue, so that a
worker that cannot stop is ended by the system (SIGXCPU) and replaced. Both bind this process and
its threads only. Source: setrlimit(2), proc_pid_status(5).
"""

from __future__ import annotations

import math
import re
import resource
from pathlib import Path
from typing import Final

# What glibc reserves, without using it, for each thread that allocates (an arena and its stack).
THREAD_BYTES: Final = (128 << 20) + (8 << 20)


def bind_memory(more_bytes: int) -> int:
    """Let this process map `more_bytes` beyond what it has mapped; return the bound in bytes.

    A lower bound that stands already stays. Raises OSError where there is no /proc.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmSize:\s+(\d+) kB$", status, re.MULTILINE)
    mapped = int(found[1]) * 1024 if found is not None else 0
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY]
    bound = min([mapped + more_bytes, *bounds])
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    return bound


def grant_processor(seconds: float) -> int:
    """Let this process compute `seconds` more, rounded up; return the bound in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    bound = math.ceil(used.ru_utime + used.ru_stime + seconds)
    if hard != resource.RLIM_INFINITY:
        bound = min(bound, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))
    return bound
