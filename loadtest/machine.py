"""What the figures of a run were measured on: figures without it mean nothing."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor model, usable cores, kernel and Python; `date` is the day (UTC) of the reading."""

    cpu: str
    cores: int
    kernel: str
    python: str
    date: str

    def line(self) -> str:
        """Return all of it in one line."""
        return (
            f"{self.cores} cores, {self.cpu}, Linux {self.kernel}, Python {self.python}, "
            f"{self.date}"
        )


def this_machine() -> Machine:
    """Read this machine."""
    return Machine(
        cpu=_cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        kernel=platform.release(),
        python=platform.python_version(),
        date=time.strftime("%Y-%m-%d", time.gmtime()),
    )


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() in {"model name", "Model"}:
            return value.strip()
    return platform.machine()
