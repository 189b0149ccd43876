"""What the system says of a process: its size, its processor time, its age. Source: proc(5)."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_STARTED, _USER, _SYSTEM = 19, 11, 12  # places in /proc/PID/stat behind the name


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process, pages that it shares among them; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, to 10 ms; 0 if it is gone."""
    try:
        fields = _stat(str(pid))
    except OSError:
        return 0.0
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_A_SECOND


def seconds_since_start() -> float:
    """Return the age of this process, to 10 ms."""
    uptime_s = float(Path("/proc/uptime").read_text("ascii").split()[0])
    return max(0.0, uptime_s - int(_stat("self")[_STARTED]) / _TICKS_A_SECOND)


def _stat(pid: str) -> list[str]:
    # The name, in brackets, may hold anything; what follows it is numbers.
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
