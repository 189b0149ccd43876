"""How much longer a request takes with the sidecar in its way, as a client on this machine sees it.

Both ways are asked in turn over connections kept open, so that whatever else the machine does
falls on both alike. It is an impression for one pair of eyes and no benchmark; the bench is.
"""

from __future__ import annotations

import http.client
import time
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from weirline.cli.demo.client import LOOPBACK, TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Latency:
    """Medians in microseconds over `pairs` pairs of requests."""

    pairs: int
    without_us: float
    with_us: float

    @property
    def added_us(self) -> float:
        """Return what the sidecar added to the median."""
        return self.with_us - self.without_us


def measure(unprotected: int, protected: int, *, target: str, pairs: int) -> Latency:
    """Ask both ports for `target` in turn, `pairs` times after a tenth of that to warm up."""
    times: dict[int, list[float]] = {unprotected: [], protected: []}
    with (
        closing(http.client.HTTPConnection(LOOPBACK, unprotected, timeout=TIMEOUT_S)) as without,
        closing(http.client.HTTPConnection(LOOPBACK, protected, timeout=TIMEOUT_S)) as through,
    ):
        for number in range(pairs + pairs // 10):
            for port, connection in ((unprotected, without), (protected, through)):
                start = time.perf_counter()
                connection.request("GET", target)
                connection.getresponse().read()
                if number >= pairs // 10:
                    times[port].append((time.perf_counter() - start) * 1e6)
    return Latency(pairs, median(times[unprotected]), median(times[protected]))
