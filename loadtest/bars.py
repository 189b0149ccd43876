"""Holds the figures of one run against what the fast transport promises.

Every bar is a ratio or a sum of figures of the same run, so that it means the same on another
machine; whether it is met is said, not enforced: `tests` gate what a busy machine cannot blur.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtest.direct import DirectFigures
from loadtest.micro.scan_bench import ScanCost
from loadtest.rounds import Figures

KIB = 1024
RATE = 375
LEAST_DIRECT = {1 * KIB: 10.0, 200 * KIB: 1.8}  # times grpc_aio, one core, scan on
MOST_ADDED = 2.0  # times what the null server adds, 1 KiB
MOST_CPU = 0.3  # of grpc_aio's, 1 KiB
SCANS_ON_TOP = 1.5  # raw scans with pauses, beyond what the null server adds, 200 KiB
INLINE_US = 1000.0  # added to one request of 200 KiB when it is the only one


def bar_lines(
    figures: Sequence[Figures], direct: Sequence[DirectFigures], scan: ScanCost
) -> Iterator[str]:
    """Yield a line for each bar whose figures were measured."""
    rates = {(each.arm, each.body_bytes): each.per_s for each in direct}
    for size, least in LEAST_DIRECT.items():
        fast, slow = rates.get(("h2_scan", size)), rates.get(("grpc_aio_scan", size))
        if fast and slow:
            yield _line(
                f"h2 to grpc_aio on the socket, {size // KIB} KiB", fast / slow, least, "x", up=True
            )
    at_rate = {
        (each.arm, each.scenario.body_bytes): each for each in figures if each.scenario.rate == RATE
    }
    yield from _through_envoy(at_rate, scan)
    alone = {(each.arm, each.scenario.body_bytes): each for each in figures if each.scenario.alone}
    added = _added(alone.get(("h2", 200 * KIB)))
    if added is not None:
        yield _line("added to a lone request of 200 KiB, p50", added, INLINE_US, " us")


def _through_envoy(at_rate: dict[tuple[str, int], Figures], scan: ScanCost) -> Iterator[str]:
    small = {arm: at_rate.get((arm, KIB)) for arm in ("null", "h2", "grpc_aio")}
    null, fast = _added(small["null"]), _added(small["h2"])
    if null and fast:
        yield _line("added p50 of h2 to that of null, 1 KiB, 375/s", fast / null, MOST_ADDED, "x")
    slow_cpu, fast_cpu = _cpu(small["grpc_aio"]), _cpu(small["h2"])
    if slow_cpu and fast_cpu:
        yield _line("CPU of h2 to grpc_aio's, 1 KiB, 375/s", fast_cpu / slow_cpu, MOST_CPU, "x")
    null, fast = (_added(at_rate.get((arm, 200 * KIB))) for arm in ("null", "h2"))
    if null and fast:
        most = null + SCANS_ON_TOP * scan.raw_paused_us
        yield _line("added p50 of h2, 200 KiB, 375/s", fast, most, " us")


def _line(what: str, measured: float, bar: float, unit: str, *, up: bool = False) -> str:
    met = measured >= bar if up else measured <= bar
    digits = 0 if "us" in unit else 2
    sign = "least" if up else "most"
    return (
        f"{what}: {measured:,.{digits}f}{unit}, at {sign} {bar:,.{digits}f}{unit}: "
        f"{'met' if met else 'MISSED'}"
    )


def _added(each: Figures | None) -> float | None:
    return None if each is None or each.added is None else each.added["p50"]


def _cpu(each: Figures | None) -> float | None:
    return None if each is None else each.server_cpu_us
