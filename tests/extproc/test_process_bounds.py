"""Bounds that the system keeps, each met by a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_memory_beyond_the_bound_is_refused_to_who_asks_and_the_process_lives() -> None:
    done = run(
        "from extproc.process_bounds import bind_memory\n"
        "bind_memory(64 << 20)\n"
        "try:\n    bytearray(100 << 20)\n"
        "except MemoryError:\n    print('refused')\n"
        "print(len(bytearray(20 << 20)))\n"
    )
    assert done.stdout.split() == ["refused", str(20 << 20)]
    assert done.returncode == 0


def test_bound_that_is_lower_already_stays() -> None:
    done = run(
        "from extproc.process_bounds import bind_memory\n"
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "print(bind_memory(1 << 40))\n"
    )
    assert done.stdout.split() == [str(1 << 30)]


def test_process_that_computes_on_is_ended_by_the_system() -> None:
    done = run(
        "from extproc.process_bounds import grant_processor\n"
        "grant_processor(0.1)\n"
        "import zlib\n"
        "while True:\n    zlib.crc32(bytes(1 << 20))\n"
    )
    assert done.returncode == -signal.SIGXCPU


def test_process_that_is_granted_more_goes_on() -> None:
    done = run(
        "from extproc.process_bounds import grant_processor\n"
        "import time\n"
        "first = grant_processor(0.1)\n"
        "while time.process_time() < 1.2:\n    grant_processor(1)\n"
        "print(grant_processor(5) > first)\n"
    )
    assert (done.returncode, done.stdout.split()) == (0, ["True"])
