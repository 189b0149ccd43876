from __future__ import annotations

from collections import Counter

import pytest

from loadtest.bars import bar_lines
from loadtest.direct import DirectFigures
from loadtest.micro.scan_bench import ScanCost
from loadtest.rounds import Figures, Scenario

KIB = 1024
SCAN = ScanCost(raw_hot_us=200, hot_us=240, raw_paused_us=400, paused_us=500)


def figures(arm: str, scenario: Scenario, added: float, *, cpu: float = 1.0) -> Figures:
    times = dict.fromkeys(("p50", "p90", "p99", "p999"), added)
    return Figures(
        arm=arm,
        scenario=scenario,
        rounds=7,
        voids=Counter(),
        failed=0,
        per_s=375.0,
        rss_bytes=1,
        latency=times,
        added=times,
        server_cpu_us=cpu,
        envoy_cpu_us=1.0,
        envoy_added_cpu_us=1.0,
    )


@pytest.mark.parametrize(("factor", "word"), [(1.0, ": met"), (1.01, ": MISSED")])
def test_each_bar_is_met_at_its_bound_and_missed_beyond_it(factor: float, word: str) -> None:
    small, large = Scenario(KIB, 375), Scenario(200 * KIB, 375)
    loads = [
        figures("null", small, 400.0),
        figures("h2", small, 800.0 * factor, cpu=300.0 * factor),
        figures("grpc_aio", small, 9999.0, cpu=1000.0),
        figures("null", large, 700.0),
        figures("h2", large, 1300.0 * factor),
        figures("h2", Scenario(200 * KIB, None, alone=True), 1000.0 * factor),
    ]
    direct = [
        DirectFigures("h2_scan", KIB, 10_000.0 / factor, 1.0),
        DirectFigures("grpc_aio_scan", KIB, 1_000.0, 1.0),
        DirectFigures("h2_scan", 200 * KIB, 1_800.0 / factor, 1.0),
        DirectFigures("grpc_aio_scan", 200 * KIB, 1_000.0, 1.0),
    ]

    lines = list(bar_lines(loads, direct, SCAN))

    assert len(lines) == 6
    assert [line for line in lines if not line.endswith(word)] == []


def test_bar_without_its_figures_is_left_out() -> None:
    assert list(bar_lines([figures("h2", Scenario(KIB, None), 1.0)], [], SCAN)) == []
