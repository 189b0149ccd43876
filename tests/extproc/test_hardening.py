from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import ctypes, resource
from extproc.hardening import protect_memory
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
worked = protect_memory()
after = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(before, worked, after, *resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_process_dumps_no_core_and_lets_nobody_trace_it() -> None:
    # In a process of its own: the rights of the test run itself stay as they are.
    shown = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=30
    )
    assert shown.stdout.split() == ["1", "True", "0", "0", "0"]
