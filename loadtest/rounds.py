"""Interleaved rounds: every arm in turn under the same load, in an order that rotates.

Machines drift within minutes; two arms measured one after the other differ by the drift. So each
round measures every arm, only differences within a round count, and the median of the rounds is
reported. A round of an arm is void when its generator was late or its rate was not reached (see
generator.void_reason); it may be tried again, then is given up; every void one is counted.
"""

from __future__ import annotations

import functools
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.arm import OFF, Arm
from loadtest.generator import Load, LoadResult, run_load, void_reason
from loadtest.stage import Stage

WARM_UP_S = 0.3
OPEN_CONNECTIONS = 64
CLOSED_CONNECTIONS = 16
PERCENTILES = ("p50", "p90", "p99", "p999")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One load: a body size in bytes and requests a second, None for as fast as it goes.

    With `alone` there is one connection: a request is sent when the one before it was answered.
    """

    body_bytes: int
    rate: int | None
    alone: bool = False

    def __str__(self) -> str:
        rate = "saturated" if self.rate is None else f"{self.rate:,} requests/s"
        rate = "one request at a time" if self.alone else rate
        exact = self.body_bytes % 1024 == 0
        size = f"{self.body_bytes // 1024} KiB" if exact else f"{self.body_bytes:,} bytes"
        return f"{size}, {rate}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many rounds, how long each, and how often a void one is tried in all."""

    rounds: int
    round_s: float
    tries: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One arm in one round. CPU is in microseconds a completed request, all threads summed."""

    load: LoadResult
    server_cpu_us: float
    envoy_cpu_us: float
    rss_bytes: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One arm under one scenario: medians over its valid rounds, times in microseconds.

    `added` is the median of the differences to `off` in the same round. `latency`, `added` and the
    CPU figures are None when no round was valid; `per_s` is then what the void rounds reached.
    """

    arm: str
    scenario: Scenario
    rounds: int
    voids: Counter[str]
    failed: int
    per_s: float
    rss_bytes: int
    latency: dict[str, float] | None
    added: dict[str, float] | None
    server_cpu_us: float | None
    envoy_cpu_us: float | None
    envoy_added_cpu_us: float | None


Measure = Callable[[Arm], Sample]
Voided = Callable[[Sample], str | None]


def measure_once(stage: Stage, arm: Arm, *, load: Load, generator: Path) -> Sample:
    """Run `load` through the door of `arm` once and read what it cost."""
    before = stage.usage(arm)
    result = run_load(generator, load)
    after = stage.usage(arm)
    requests = max(result.completed, 1)
    return Sample(
        load=result,
        server_cpu_us=(after.server_ns - before.server_ns) / 1000 / requests,
        envoy_cpu_us=(after.envoy_ns - before.envoy_ns) / 1000 / requests,
        rss_bytes=after.rss_bytes,
    )


def run_scenario(
    stage: Stage,
    arms: Sequence[Arm],
    scenario: Scenario,
    *,
    generator: Path,
    plan: Plan,
) -> list[Figures]:
    """Measure every arm under `scenario`; takes about rounds * len(arms) * round_s seconds."""

    def load(arm: Arm) -> Load:
        return Load(
            connect=stage.connect(arm),
            path=f"/{scenario.body_bytes}",
            rate=scenario.rate,
            duration_s=plan.round_s,
            warmup_s=min(WARM_UP_S, plan.round_s / 3),
            connections=_connections(scenario),
            expect_bytes=scenario.body_bytes,
        )

    def measure(arm: Arm) -> Sample:
        return measure_once(stage, arm, load=load(arm), generator=generator)

    def voided(sample: Sample) -> str | None:
        return void_reason(load(OFF), sample.load)

    return interleave(arms, scenario, measure=measure, voided=voided, plan=plan)


def _connections(scenario: Scenario) -> int:
    if scenario.alone:
        return 1
    return CLOSED_CONNECTIONS if scenario.rate is None else OPEN_CONNECTIONS


def interleave(
    arms: Sequence[Arm],
    scenario: Scenario,
    *,
    measure: Measure,
    voided: Voided,
    plan: Plan,
) -> list[Figures]:
    """Run the rounds and sum them up; `measure` and `voided` do and judge one arm's round."""
    series = {arm.name: Series(arm.name) for arm in arms}
    for number in range(plan.rounds):
        turn = number % len(arms)
        for arm in (*arms[turn:], *arms[:turn]):
            series[arm.name].run_round(functools.partial(measure, arm), voided, plan.tries)
    off = series.get(OFF.name)
    return [each.figures(scenario, off) for each in series.values()]


class Series:
    """The rounds of one arm. Mutable: `valid` grows by one entry a round, None for a void one."""

    def __init__(self, name: str) -> None:
        """Start without rounds."""
        self._name = name
        self.valid: list[Sample | None] = []
        self._void: list[Sample] = []
        self._reasons: Counter[str] = Counter()

    def run_round(self, measure: Callable[[], Sample], voided: Voided, tries: int) -> None:
        """Measure until a try is valid, at most `tries` times."""
        for _ in range(tries):
            sample = measure()
            reason = voided(sample)
            if reason is None:
                self.valid.append(sample)
                return
            self._void.append(sample)
            self._reasons[reason] += 1
        self.valid.append(None)

    def figures(self, scenario: Scenario, off: Series | None) -> Figures:
        """Sum up, with the differences to the rounds of `off`."""
        valid = [sample for sample in self.valid if sample is not None]
        counted = valid or self._void
        pairs = [
            (mine, base)
            for mine, base in zip(self.valid, off.valid if off else (), strict=False)
            if mine is not None and base is not None
        ]
        return Figures(
            arm=self._name,
            scenario=scenario,
            rounds=len(valid),
            voids=self._reasons,
            failed=sum(sample.load.failed for sample in (*valid, *self._void)),
            per_s=statistics.median(sample.load.per_s for sample in counted),
            rss_bytes=max(sample.rss_bytes for sample in counted),
            latency=_latency(valid),
            added=_added(pairs),
            server_cpu_us=_median([sample.server_cpu_us for sample in valid]),
            envoy_cpu_us=_median([sample.envoy_cpu_us for sample in valid]),
            envoy_added_cpu_us=_median(
                [mine.envoy_cpu_us - base.envoy_cpu_us for mine, base in pairs]
            ),
        )


def _percentile(sample: Sample, name: str) -> float:
    value: float = getattr(sample.load.latency_us, name)
    return value


def _latency(samples: Sequence[Sample]) -> dict[str, float] | None:
    if not samples:
        return None
    return {
        name: statistics.median(_percentile(sample, name) for sample in samples)
        for name in PERCENTILES
    }


def _added(pairs: Sequence[tuple[Sample, Sample]]) -> dict[str, float] | None:
    if not pairs:
        return None
    return {
        name: statistics.median(
            _percentile(mine, name) - _percentile(base, name) for mine, base in pairs
        )
        for name in PERCENTILES
    }


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
