"""How long our scan of one clean body takes, in a hot loop and with a pause before each scan.

A hot loop finds its tables in the processor's caches; a sidecar at 375 requests a second does
other things for 2.67 ms between two bodies, and pays for it. The detectors are those that ship.
How much of it is ours and how much the engine's: `dev.py bench detect`.
"""

from __future__ import annotations

import statistics
import time

from loadtest.clean_body import clean_body
from loadtest.report import ScanTimes
from weirline.errors import WeirlineError
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import Scanner, build_scanner

BODY_BYTES = 200 * 1024
SCANS = 300
PAUSE_S = 1 / 375


class BodyNotClean(WeirlineError):
    """The clean body of the bench is not: a detector finds something in it."""


def measure_scan() -> ScanTimes:
    """Return the medians of 300 scans each way; takes about four seconds, most of it compiling.

    Raises BodyNotClean, and DetectorError for a pack that cannot be read.
    """
    scanner = build_scanner(list(shipped_detectors()))
    body = clean_body(BODY_BYTES)
    if scanner.scan(body).findings:
        raise BodyNotClean("a detector finds something in the clean body")
    return ScanTimes(
        hot=round(_median_us(scanner, body, pause_s=0), 1),
        paused=round(_median_us(scanner, body, pause_s=PAUSE_S), 1),
    )


def _median_us(scanner: Scanner, body: bytes, *, pause_s: float) -> float:
    times_us: list[float] = []
    for _ in range(SCANS):
        if pause_s:
            time.sleep(pause_s)
        began = time.perf_counter()
        scanner.scan(body)
        times_us.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times_us)
