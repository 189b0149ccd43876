"""Runs the load generator (loadtest/c/generator.c) and reads what it prints.

Open loop and closed loop are explained in the C source. A run whose generator was itself late, or
that did not reach its rate, is void: its latencies say nothing about the server.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from weirline.errors import WeirlineError

LEAST_ACHIEVED = 0.99
MOST_LATENESS_P99_US = 200.0
DRAIN_S = 2.0


class GeneratorFailed(WeirlineError):
    """The generator could not run; the text is what it said."""


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A distribution of times in microseconds; `count` of them."""

    p50: float
    p90: float
    p99: float
    p999: float
    max: float
    mean: float
    count: int


class LoadResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one run of the generator saw; every request planned is in exactly one of the counts.

    `per_s` counts whole answers with a 2xx status only, over the time until the last answer.
    """

    planned: int
    completed: int
    ok: int
    bad_status: int
    wrong_size: int
    cut: int
    unfinished: int
    body_bytes: int
    seconds: float
    per_s: float
    latency_us: Spread
    lateness_us: Spread

    @property
    def failed(self) -> int:
        """The requests that did not end as they should."""
        return self.bad_status + self.wrong_size + self.cut + self.unfinished


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask for, and how often: `rate` requests a second, or None for a closed loop.

    `connect` is "unix:PATH" or "tcp:HOST:PORT". Requests due in the first `warmup_s` are sent and
    counted, but their latency is not. `expect_bytes` is the size every body must have.
    """

    connect: str
    path: str
    rate: int | None
    duration_s: float
    host: str = "bench"
    warmup_s: float = 0.0
    connections: int = 32
    expect_bytes: int | None = None
    samples: Path | None = None


def run_load(generator: Path, load: Load) -> LoadResult:
    """Run one load to its end. Raises GeneratorFailed."""
    command = [
        str(generator),
        f"--connect={load.connect}",
        f"--host={load.host}",
        f"--path={load.path}",
        f"--rate={load.rate or 0}",
        f"--duration={load.duration_s}",
        f"--warmup={load.warmup_s}",
        f"--drain={DRAIN_S}",
        f"--connections={load.connections}",
    ]
    if load.expect_bytes is not None:
        command.append(f"--expect={load.expect_bytes}")
    if load.samples is not None:
        command.append(f"--samples={load.samples}")
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode != 0:
        raise GeneratorFailed(run.stderr.decode(errors="replace").strip())
    return msgspec.json.decode(run.stdout, type=LoadResult)


def void_reason(load: Load, result: LoadResult) -> str | None:
    """Return why a run at a fixed rate does not count, None if it does.

    A closed loop has no rate to miss; it is void only if more than one in a hundred failed.
    """
    if load.rate is None:
        return None if result.failed * 100 <= result.planned else "failures"
    if result.lateness_us.p99 > MOST_LATENESS_P99_US:
        return "generator late"
    if result.per_s < load.rate * LEAST_ACHIEVED:
        return "rate not reached"
    return None
