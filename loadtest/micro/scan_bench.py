"""What a clean scan costs: our scanner against raw Hyperscan on the same triggers.

Run `python -m loadtest.micro.scan_bench`. The text is the clean body of 200 KiB, the detectors are
the frozen pack of loadtest/pack51. Rounds of the two alternate; figures are medians of wall-clock
microseconds. `hot` scans back to back; `paused` waits 2.67 ms before each scan, as at 375 requests
a second, because a hot loop finds warm caches that a server does not.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import hyperscan

from loadtest.clean_body import clean_body
from loadtest.pack51.pack import frozen_detectors
from weirline.detect.matcher import Expression
from weirline.detect.pattern_set import PatternSet
from weirline.scan import build_scanner

BODY_BYTES = 200 << 10
ROUNDS = 301
PAUSE_S = 0.00267
BAR = 1.3  # ours may cost at most this times raw


@dataclass(frozen=True, slots=True)
class ScanCost:
    """Median microseconds of one scan of the clean body."""

    raw_hot_us: float
    hot_us: float
    raw_paused_us: float
    paused_us: float

    @property
    def ratio_hot(self) -> float:
        """How many times raw Hyperscan ours costs, back to back."""
        return self.hot_us / self.raw_hot_us

    @property
    def ratio_paused(self) -> float:
        """The same with pauses."""
        return self.paused_us / self.raw_paused_us


def main() -> int:
    """Measure, print, and return 1 if ours costs more than the bar allows."""
    cost = measure()
    print(
        f"clean body of {BODY_BYTES >> 10} KiB, {len(frozen_detectors())} detectors, microseconds"
    )
    print(f"{'':8}{'raw':>8}{'ours':>8}{'ratio':>8}")
    print(f"{'hot':8}{cost.raw_hot_us:8.0f}{cost.hot_us:8.0f}{cost.ratio_hot:8.2f}")
    print(f"{'paused':8}{cost.raw_paused_us:8.0f}{cost.paused_us:8.0f}{cost.ratio_paused:8.2f}")
    return 0 if cost.ratio_hot <= BAR else 1


def measure() -> ScanCost:
    """Measure raw Hyperscan and ours, hot and with pauses."""
    raw, ours = both_scans()
    raw_hot, hot = medians_us(raw, ours, ROUNDS, pause_s=0.0)
    raw_paused, paused = medians_us(raw, ours, ROUNDS, pause_s=PAUSE_S)
    return ScanCost(raw_hot, hot, raw_paused, paused)


def both_scans() -> tuple[Callable[[], None], Callable[[], None]]:
    """Return a call that scans the clean body by raw Hyperscan, and one that does so by ours."""
    detectors = frozen_detectors()
    body = clean_body(BODY_BYTES)
    scan = build_scanner(detectors).scan

    def ours() -> None:
        scan(body)

    return raw_scan(PatternSet(detectors).expressions, body), ours


def raw_scan(expressions: Sequence[Expression], body: bytes) -> Callable[[], None]:
    """Return a call that scans `body` by Hyperscan alone, with a callback that does nothing."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[text.encode() for text, _ in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[
            hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if caseless else 0)
            for _, caseless in expressions
        ],
    )

    def ignore(*_hit: object) -> None:
        return None

    def scan() -> None:
        database.scan(body, ignore)

    return scan


def medians_us(
    first: Callable[[], None], second: Callable[[], None], rounds: int, *, pause_s: float
) -> tuple[float, float]:
    """Return the median microseconds of two calls that alternate, each after a pause."""
    firsts, seconds = [], []
    for _ in range(rounds):
        firsts.append(_timed(first, pause_s))
        seconds.append(_timed(second, pause_s))
    return statistics.median(firsts), statistics.median(seconds)


def _timed(call: Callable[[], None], pause_s: float) -> float:
    if pause_s:
        time.sleep(pause_s)
    began = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - began) / 1000


if __name__ == "__main__":
    sys.exit(main())
