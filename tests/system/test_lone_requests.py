"""What a lone request of 200 KiB pays for the sidecar, printed with all that the figure hangs on.

The time is not gated: it is the machine's as much as ours, and RESULTS.md holds it from a machine
with nothing else to do. What is gated is that it was measured: on enough requests, none failed, all
of every body scanned, and at a bounded multiple of what a server that looks at nothing adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from loadtest.arm import H2, NULL, OFF
from loadtest.machine import this_machine
from loadtest.native import build_tools
from loadtest.rounds import Figures, Plan, Scenario, run_scenario
from loadtest.stage import Stage, running_stage
from tests.fakes.fast_transport import ensure_built
from weirline.rulepack.shipped import shipped_detectors

BODY_BYTES = 200 * 1024
ARMS = (OFF, NULL, H2)
SCENARIO = Scenario(BODY_BYTES, None, alone=True)
REQUESTS = 10_000
PLAN = Plan(rounds=5, round_s=3.0, tries=2)
MOST_TIMES = 6  # as often as that is measured where the machine is busy
MOST_TIMES_NULL = 6.0


@pytest.mark.full
@pytest.mark.alone
@pytest.mark.promise(22)
def test_time_added_to_a_lone_large_request_is_printed(temporary: Path) -> None:
    ensure_built()
    tools = build_tools()
    with running_stage(ARMS, (BODY_BYTES,), tools=tools, folder=temporary) as stage:
        measured = [_measured(stage, tools.generator)]
        while sum(each.served for each in measured) < REQUESTS and len(measured) < MOST_TIMES:
            measured.append(_measured(stage, tools.generator))
    for each in measured:
        print(each)
    assert sum(each.served for each in measured) >= REQUESTS
    assert all(each.null.failed == each.product.failed == 0 for each in measured)
    assert min(each.times_null for each in measured) <= MOST_TIMES_NULL


@dataclass(frozen=True, slots=True)
class _Lone:
    """The three arms of one measurement."""

    off: Figures
    null: Figures
    product: Figures

    @property
    def served(self) -> int:
        return round(self.product.per_s * PLAN.round_s) * self.product.rounds

    @property
    def times_null(self) -> float:
        return _of(self.product.added, "p50") / _of(self.null.added, "p50")

    def __str__(self) -> str:
        added = self.product.added
        return (
            f"{SCENARIO}, clean JSON, {len(shipped_detectors())} detectors, "
            f"{this_machine().line()}: {self.served:,} requests, added "
            f"p50 {_of(added, 'p50'):,.0f} us, p99 {_of(added, 'p99'):,.0f} us "
            f"(null server {_of(self.null.added, 'p50'):,.0f} us; without the filter "
            f"p99 {_of(self.off.latency, 'p99'):,.0f} us), "
            f"{self.product.server_cpu_us:,.0f} us of processor time"
        )


def _measured(stage: Stage, generator: Path) -> _Lone:
    return _Lone(*run_scenario(stage, ARMS, SCENARIO, generator=generator, plan=PLAN))


def _of(times: dict[str, float] | None, name: str) -> float:
    assert times is not None, "no round counted"
    return times[name]
