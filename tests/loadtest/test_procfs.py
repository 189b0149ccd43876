from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from loadtest.procfs import children, cpu_ns, rss_bytes


def test_cpu_time_grows_with_work_done_in_another_thread() -> None:
    done = threading.Event()

    def work() -> None:
        sum(number * number for number in range(200_000))
        done.set()
        stay.wait()  # the time of an ended thread is lost

    stay = threading.Event()
    before = cpu_ns(os.getpid())
    thread = threading.Thread(target=work)
    thread.start()
    done.wait()
    used = cpu_ns(os.getpid()) - before
    stay.set()
    thread.join()

    assert used > 1_000_000


def test_resident_memory_is_what_the_kernel_reports() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    expected = pages * os.sysconf("SC_PAGE_SIZE")

    assert rss_bytes(os.getpid()) == pytest.approx(expected, rel=0.2)


def test_children_are_counted_with_their_parent() -> None:
    program = "import sys; sum(range(3_000_000)); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()

        assert child.pid in children(os.getpid())
        assert cpu_ns(os.getpid()) > cpu_ns(child.pid) > 1_000_000
        assert rss_bytes(os.getpid()) > rss_bytes(child.pid) > 1_000_000
        child.communicate(b"")


def test_an_ended_process_is_an_error() -> None:
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()

    with pytest.raises(OSError, match=str(child.pid)):
        cpu_ns(child.pid)
