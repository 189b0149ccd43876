"""How fast each scanner reads each body, on one processor, in rounds that alternate.

Times are CPU seconds, so that other work on the machine moves them little; a figure is the median
of its rounds. Slow scanners get a shorter body of the same making: their rate does not depend on
its length, and a megabyte would take them a minute.

Hyperscan alone runs twice: `hyperscan_literals` tells of every hit, `hyperscan_presence` of the
first hit of each literal only, which is faster where short words of contexts abound. The bars are
ratios to the former; those to the latter are told beside them.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import hyperscan

from loadtest.detect import body
from loadtest.detect.literal import pack_literals
from loadtest.detect.peers import Missing, Peer, running_peers
from weirline.detect.detector import Detector
from weirline.detect.matcher import Expression
from weirline.scan import build_scanner

OURS: Final = "weirline"
LITERALS: Final = "hyperscan_literals"
PRESENCE: Final = "hyperscan_presence"
LONG_BYTES: Final = 1 << 20
SIDECAR_BYTES: Final = 8 << 20  # the largest body the sidecar takes
PEER_BYTES: Final[Mapping[str, int]] = {
    "presidio": 16 << 10,
    "detect_secrets": 32 << 10,
    "gitleaks": 1 << 20,
}
BARS: Final = {"clean": 0.5, "dense": 0.06, "growth": 2.2, "largest_s": 0.5}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: rounds of the fast scanners, rounds of the peers."""

    rounds: int
    peer_rounds: int


FULL: Final = Extent(rounds=25, peer_rounds=3)
QUICK: Final = Extent(rounds=7, peer_rounds=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of one scanner on one body of `bytes`, in 10^6 bytes a CPU second."""

    engine: str
    body: str
    bytes: int
    mb_per_s: float


@dataclass(frozen=True, slots=True)
class Hostility:
    """What one hostile body costs ours: its rate, and time(2n) / time(n)."""

    name: str
    mb_per_s: float
    growth: float


@dataclass(frozen=True, slots=True)
class Speed:
    """All that was measured."""

    rates: list[Rate]
    hostile: list[Hostility]
    missing: list[Missing]

    def rate(self, engine: str, name: str) -> float:
        """Return the rate of one scanner on one body; 0 if it was not measured."""
        found = (each for each in self.rates if (each.engine, each.body) == (engine, name))
        return next((each.mb_per_s for each in found), 0.0)

    def ratio(self, name: str, engine: str = LITERALS) -> float:
        """Return our rate over that of the literals alone; 0 if that was not measured."""
        other = self.rate(engine, name)
        return self.rate(OURS, name) / other if other else 0.0

    def largest_s(self) -> float:
        """Return how long the largest body would take if it were the most hostile one."""
        return SIDECAR_BYTES / 1e6 / min(each.mb_per_s for each in self.hostile)

    def held(self) -> dict[str, tuple[float, bool]]:
        """Return each bar's measured figure, and whether it held."""
        growth = max(each.growth for each in self.hostile)
        return {
            "clean": (self.ratio("clean"), self.ratio("clean") >= BARS["clean"]),
            "dense": (self.ratio("dense"), self.ratio("dense") >= BARS["dense"]),
            "growth": (growth, growth <= BARS["growth"]),
            "largest_s": (self.largest_s(), self.largest_s() < BARS["largest_s"]),
        }


def measure(detectors: Sequence[Detector], extent: Extent, *, peers: bool = True) -> Speed:
    """Measure everything, the process kept on one processor meanwhile."""
    before = os.sched_getaffinity(0)
    cpu = max(before)
    os.sched_setaffinity(0, {cpu})
    try:
        scan = build_scanner(detectors).scan  # with the cap that the sidecar has, too
        literals = pack_literals(detectors)
        scans: dict[str, Callable[[bytes], object]] = {
            OURS: scan,
            LITERALS: raw_scan(literals),
            PRESENCE: raw_scan(literals, hyperscan.HS_FLAG_SINGLEMATCH),
        }
        bodies = {"clean": body.clean(LONG_BYTES), "dense": body.dense(LONG_BYTES)}
        hostile = [_hostility(scan, name, extent) for name in body.HOSTILE]
        slowest = min(hostile, key=lambda each: each.mb_per_s).name
        bodies["hostile"] = body.HOSTILE[slowest](LONG_BYTES)
        rates = _fast_rates(scans, bodies, extent.rounds)
        missing: list[Missing] = []
        if peers:
            with running_peers(cpu) as (running, missing), tempfile.TemporaryDirectory() as name:
                for peer in running:
                    rates += _peer_rates(peer, slowest, Path(name), extent.peer_rounds)
    finally:
        os.sched_setaffinity(0, before)
    return Speed(rates, hostile, missing)


def raw_scan(expressions: Sequence[Expression], flags: int = 0) -> Callable[[bytes], None]:
    """Return a scan by Hyperscan alone, with a callback that does nothing.

    `flags` are Hyperscan's own, for every expression.
    """
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[text.encode() for text, _ in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[
            flags | hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if caseless else 0)
            for _, caseless in expressions
        ],
    )

    def ignore(*_hit: object) -> None:
        return None

    def scan(data: bytes) -> None:
        database.scan(data, ignore)

    return scan


def _fast_rates(
    scans: Mapping[str, Callable[[bytes], object]], bodies: Mapping[str, bytes], rounds: int
) -> list[Rate]:
    times: dict[tuple[str, str], list[float]] = {
        (engine, name): [] for engine in scans for name in bodies
    }
    for _ in range(rounds):
        for name, text in bodies.items():
            for engine, scan in scans.items():
                times[engine, name].append(_cpu_s(scan, text))
    return [
        Rate(engine, name, len(bodies[name]), len(bodies[name]) / 1e6 / statistics.median(each))
        for (engine, name), each in times.items()
    ]


def _peer_rates(peer: Peer, slowest: str, folder: Path, rounds: int) -> list[Rate]:
    size = PEER_BYTES[peer.name]
    makers = {"clean": body.clean, "dense": body.dense, "hostile": body.HOSTILE[slowest]}
    rates = []
    for name, make in makers.items():
        file = folder / name
        text = make(size)
        file.write_bytes(text)
        taken = statistics.median(peer.scan_s(file) for _ in range(rounds))
        rates.append(Rate(peer.name, name, len(text), len(text) / 1e6 / taken))
    return rates


def _hostility(scan: Callable[[bytes], object], name: str, extent: Extent) -> Hostility:
    """Measure one hostile body at two lengths, in alternating rounds; the least time counts."""
    make = body.HOSTILE[name]
    once, twice = make(LONG_BYTES), make(2 * LONG_BYTES)
    rounds = max(extent.rounds // 5, 4)
    times = [(_cpu_s(scan, once), _cpu_s(scan, twice)) for _ in range(rounds)]
    least_once, least_twice = min(each[0] for each in times), min(each[1] for each in times)
    return Hostility(name, LONG_BYTES / 1e6 / least_once, least_twice / least_once)


def _cpu_s(scan: Callable[[bytes], object], text: bytes) -> float:
    began = time.process_time_ns()
    scan(text)
    return max(time.process_time_ns() - began, 1) / 1e9
