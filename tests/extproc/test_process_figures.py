from __future__ import annotations

import os
import time

from extproc.process_figures import cpu_seconds, resident_bytes, seconds_since_start

NOBODY = 1 << 22  # above the highest number a process can have


def test_size_of_this_process_is_that_of_a_python() -> None:
    assert 5 << 20 < resident_bytes(os.getpid()) < 4 << 30


def test_processor_time_of_this_process_is_what_the_system_counts() -> None:
    used = time.process_time()
    assert abs(cpu_seconds(os.getpid()) - used) < 1.0


def test_process_that_is_gone_has_neither_size_nor_time() -> None:
    assert (resident_bytes(NOBODY), cpu_seconds(NOBODY)) == (0, 0.0)


def test_age_of_this_process_grows_and_is_above_its_processor_time() -> None:
    first = seconds_since_start()
    assert first >= 0
    assert seconds_since_start() >= first
