"""CPU time and memory of a process and its children, as Linux counts them (proc(5)).

schedstat is read rather than stat because it counts nanoseconds, not ticks of 10 ms. What a thread
or a child used is lost once it has ended: measure between two readings of a steady process.
"""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def cpu_ns(pid: int) -> int:
    """Return the CPU time of all threads of `pid` and of its descendants, in nanoseconds.

    Raises OSError when the process has ended.
    """
    total = sum(_thread_ns(task) for task in (PROC / str(pid) / "task").iterdir())
    return total + sum(cpu_ns(child) for child in children(pid))


def rss_bytes(pid: int) -> int:
    """Return the resident memory of `pid` and its descendants; shared pages count in each.

    Raises OSError when the process has ended.
    """
    own = 0
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            own = int(line.split()[1]) * 1024
    return own + sum(rss_bytes(child) for child in children(pid))


def children(pid: int) -> list[int]:
    """Return the direct children of `pid`."""
    found: list[int] = []
    for task in (PROC / str(pid) / "task").iterdir():
        found.extend(int(child) for child in (task / "children").read_text().split())
    return found


def _thread_ns(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except FileNotFoundError:  # ended since the directory was read
        return 0
