"""What one detector costs: on ordinary text, and on text that is made against it.

Whoever writes a detector cannot see what it costs by reading it. The ordinary text is made of the
same records every time, so that figures of two runs compare; the hostile one is the detector's own
beginnings over and over, and what it costs must grow with its length and no faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from weirline.detect.chain import Chain
from weirline.rulepack.open_end import OpenEnd

TEXT_BYTES: Final = 64 << 10
HOSTILE_CPU_S: Final = 0.5  # for TEXT_BYTES of beginnings
GROWTH: Final = 2.2  # times the cost, at most, for twice the length
_TELLING_CPU_S: Final = 0.05  # below that, growth cannot be told from noise
_RUNS: Final = 3

Clock = Callable[[], float]


class Cost(NamedTuple):
    """CPU time of one detector alone, and the size of its database.

    `ordinary_us` is for 64 KiB of ordinary text, the least of three runs; `hostile_us` for 64 KiB
    of its own beginnings.
    """

    detector: str
    ordinary_us: float
    hostile_us: float
    compile_ms: float
    database_bytes: int


class Hostile(NamedTuple):
    """Seconds for 64 KiB of beginnings; times the cost of half of it, 0 where it is nothing."""

    seconds: float
    growth: float


def ordinary_seconds(chain: Chain, clock: Clock) -> float:
    """Return the CPU seconds that `chain` takes for the ordinary text."""
    return _least(lambda: chain.scan(ORDINARY), clock, _RUNS)


def hostile_seconds(chain: Chain, beginning: bytes, clock: Clock) -> Hostile:
    """Return what 64 KiB of `beginning` over and over cost, scanned and held in a stream."""
    open_end = OpenEnd(chain.detectors)
    whole = (beginning * (TEXT_BYTES // len(beginning) + 1))[:TEXT_BYTES]

    def run(text: bytes) -> Callable[[], None]:
        def both() -> None:
            chain.scan(text)
            open_end.offset(text)

        return both

    seconds = _least(run(whole), clock, 1)
    if seconds < _TELLING_CPU_S:
        return Hostile(seconds, 0.0)
    growth = float("inf")
    for _ in range(_RUNS):  # a busy machine makes one measurement worthless
        half = _least(run(whole[: TEXT_BYTES // 2]), clock, _RUNS)
        seconds = min(seconds, _least(run(whole), clock, _RUNS))
        growth = min(growth, seconds / half if half else 0.0)
        if growth <= GROWTH:
            break
    return Hostile(seconds, growth)


def _least(run: Callable[[], object], clock: Clock, runs: int) -> float:
    least = float("inf")
    for _ in range(runs):
        began = clock()
        run()
        least = min(least, clock() - began)
    return least


def _ordinary() -> bytes:
    records: list[bytes] = []
    size = state = 0
    while size < TEXT_BYTES:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        record = (
            b'{"id":%d,"uuid":"%08x-%04x-4%03x-8%03x-%012x","created_at":"2024-%02d-%02dT%02d:%02d'
            b':30.%03dZ","price":%d.%02d,"name":"Item of the day","in_stock":true,'
            b'"path":"/v1/a/%d"},'
        ) % (
            state >> 33, state >> 32, state & 0xFFFF, state & 0xFFF, state >> 52, state >> 16,
            1 + state % 12, 1 + state % 28, state % 24, state % 60, state % 1000,
            state % 900, state % 100, state % 10000,
        )  # fmt: skip
        records.append(record)
        size += len(record)
    return b"".join(records)[:TEXT_BYTES]


ORDINARY: Final = _ordinary()
