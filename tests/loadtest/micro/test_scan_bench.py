from __future__ import annotations

import pytest

from loadtest.clean_body import clean_body
from loadtest.micro.scan_bench import (
    BAR,
    BODY_BYTES,
    ScanCost,
    both_scans,
    medians_us,
    raw_scan,
)
from loadtest.pack51.pack import frozen_detectors
from weirline.detect.pattern_set import PatternSet
from weirline.scan import build_scanner


def test_ratios_are_ours_over_raw() -> None:
    cost = ScanCost(raw_hot_us=200, hot_us=250, raw_paused_us=300, paused_us=330)
    assert (cost.ratio_hot, cost.ratio_paused) == (1.25, 1.1)


@pytest.mark.slow
def test_body_is_clean_and_raw_scan_takes_the_same_triggers() -> None:
    detectors = frozen_detectors()
    body = clean_body(BODY_BYTES)
    assert build_scanner(detectors).scan(body).findings == ()
    raw_scan(PatternSet(detectors).expressions, body)()


@pytest.mark.full
@pytest.mark.alone
def test_clean_scan_costs_at_most_its_bar_times_raw_hyperscan() -> None:
    """The least of up to nine ratios: what else runs on the machine only ever adds."""
    raw, ours = both_scans()
    ratios: list[float] = []
    while len(ratios) < 9 and (not ratios or min(ratios) > BAR):
        raw_us, ours_us = medians_us(raw, ours, 41, pause_s=0.0)
        ratios.append(ours_us / raw_us)
    print("ours over raw:", ratios)
    assert min(ratios) <= BAR
