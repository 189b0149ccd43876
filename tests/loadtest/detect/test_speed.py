from __future__ import annotations

import pytest

from loadtest.detect.literal import pack_literals
from loadtest.detect.peers import Missing
from loadtest.detect.report import BarRow, bar_table, speed_table
from loadtest.detect.speed import Hostility, Rate, Speed, raw_scan
from weirline.rulepack.shipped import shipped_detectors

MIB = 1 << 20


def speed(ours: float, slowest: float, growth: float) -> Speed:
    return Speed(
        [
            Rate("weirline", "clean", MIB, ours),
            Rate("hyperscan_literals", "clean", MIB, 1000.0),
            Rate("weirline", "dense", MIB, 60.0),
            Rate("hyperscan_literals", "dense", MIB, 1000.0),
        ],
        [Hostility("ats", slowest, growth), Hostility("digits", 900.0, 1.0)],
        [Missing("gitleaks", "there is no go")],
    )


@pytest.mark.parametrize(
    ("measured", "failed"),
    [
        (speed(500.0, 20.0, 2.2), set()),
        (speed(499.0, 20.0, 2.2), {"clean"}),
        (speed(500.0, 16.0, 2.2), {"largest_s"}),
        (speed(500.0, 20.0, 2.3), {"growth"}),
    ],
)
def test_bars_are_judged_by_ratio_growth_and_the_slowest_body(
    measured: Speed, failed: set[str]
) -> None:
    assert {name for name, (_, held) in measured.held().items() if not held} == failed


def test_tables_tell_rates_what_was_left_out_and_whether_bars_held() -> None:
    shown = speed_table(speed(500.0, 20.0, 2.0))
    assert "gitleaks: there is no go" in shown
    assert "weirline" in shown
    assert "NOT HELD" in bar_table([BarRow("clean", 0.4, 0.5, held=False)])


@pytest.mark.slow
def test_literals_of_the_pack_can_be_scanned_for() -> None:
    raw_scan(pack_literals(shipped_detectors()))(b"nothing of it")
