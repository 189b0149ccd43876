from __future__ import annotations

import pytest

from loadtest.scan_times import measure_scan


@pytest.mark.slow
def test_the_scan_of_a_clean_body_finds_nothing_and_is_timed_both_ways() -> None:
    times = measure_scan()

    # 200 KiB at 100 MB/s would take 2 ms; far from it either way means something else was timed.
    assert 20 < times.hot < 10_000
    assert 20 < times.paused < 10_000
