from __future__ import annotations

import subprocess
import sys

from extproc.kept_memory import KEPT_BYTES

SCRIPT = """
import resource
from extproc.kept_memory import keep_freed_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

def faults_of(bodies, size):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(bodies):
        bytes(bytearray(size))
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

worked = keep_freed_memory()
idle = resident()
faults_of(3, 200_000)
faults = faults_of(100, 200_000)
many = [bytearray(1_000_000) for _ in range(64)]
many.clear()
print(worked, faults, resident() - idle)
"""


def test_next_body_takes_the_pages_of_the_last_and_no_more_than_the_bound_is_kept() -> None:
    # In a process of its own: how this one keeps its memory stays as it is.
    shown = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=30
    )
    worked, faults, kept = shown.stdout.split()
    assert worked == "True"
    assert int(faults) < 100  # two blocks of 49 pages each a body, if they were mapped anew
    assert int(kept) < KEPT_BYTES + (8 << 20)
