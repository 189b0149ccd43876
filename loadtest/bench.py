"""`python3 dev.py bench`: what the filter adds in a real Envoy, and what each server can do alone.

The method is docs/howto/measure.md. It needs a C compiler and h2load, and names their packages
where they are missing; `--target` needs the compiler only. It refuses to report what does not
count: rounds whose generator was late or whose rate was not reached.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.arm import DIRECT, THROUGH_ENVOY, runnable
from loadtest.bars import bar_lines
from loadtest.direct import find_h2load, run_direct
from loadtest.machine import this_machine
from loadtest.micro.scan_bench import ScanCost
from loadtest.micro.scan_bench import measure as measure_scan
from loadtest.native import build_tools
from loadtest.report import Outcome, ScanTimes, direct_table, outcome, scenario_table, to_json
from loadtest.rounds import Figures, Plan, Scenario, run_scenario
from loadtest.stage import running_stage
from loadtest.target import read_target, run_target
from weirline.errors import WeirlineError

KIB = 1024
SIZES = (1 * KIB, 16 * KIB, 200 * KIB)
RATES = (375, 1000)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: `scenarios` at their rate or saturated, and the direct bench's runs.

    `alone` are loads of one request at a time.
    """

    scenarios: tuple[Scenario, ...]
    alone: tuple[Scenario, ...]
    at_rate: Plan
    saturated: Plan
    direct_runs: int
    direct_s: float


FULL = Extent(
    scenarios=tuple(Scenario(size, rate) for size in SIZES for rate in (*RATES, None)),
    alone=(Scenario(SIZES[0], None, alone=True), Scenario(SIZES[-1], None, alone=True)),
    at_rate=Plan(rounds=7, round_s=4.0, tries=2),
    saturated=Plan(rounds=7, round_s=3.0, tries=2),
    direct_runs=5,
    direct_s=2.0,
)
QUICK = Extent(
    scenarios=(
        *(Scenario(size, RATES[0]) for size in SIZES),
        Scenario(SIZES[0], RATES[1]),
        *(Scenario(size, None) for size in SIZES),
    ),
    alone=(),
    at_rate=Plan(rounds=3, round_s=0.8, tries=1),
    saturated=Plan(rounds=2, round_s=0.5, tries=1),
    direct_runs=3,
    direct_s=0.3,
)


def main(arguments: Sequence[str]) -> int:
    """Run the bench; return 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    extent = QUICK if options.quick else FULL
    command = " ".join(["python3 dev.py bench", *arguments])
    try:
        if options.target is None:
            result = run_bench(extent, command, say=_say)
        else:
            result = run_target(
                read_target(options.target),
                rates=(*RATES, None),
                plan=extent.at_rate,
                command=command,
                say=_say,
            )
        if options.json is not None:
            options.json.write_bytes(to_json(result))
    except (WeirlineError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    return 0


def run_bench(extent: Extent, command: str, *, say: Callable[[str], None]) -> Outcome:
    """Measure everything in `extent`, telling `say` each table as it is done.

    Raises WeirlineError where a part is missing or answers wrongly.
    """
    find_h2load()
    tools = build_tools()
    machine = this_machine()
    began = time.monotonic()
    say(f"{machine.line()}\n{command}\ntimes in microseconds, medians of rounds\n")
    arms = runnable(THROUGH_ENVOY)
    if arms != THROUGH_ENVOY:
        say("without the arms on h2: it is not built (apt-get install gcc libnghttp2-dev)\n")
    figures: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="wl-bench-") as name:
        folder = Path(name)
        with running_stage(arms, SIZES, tools=tools, folder=folder) as stage:
            for scenario in (*extent.scenarios, *extent.alone):
                rows = run_scenario(
                    stage,
                    arms,
                    scenario,
                    generator=tools.generator,
                    plan=extent.saturated if scenario.rate is None else extent.at_rate,
                )
                say(scenario_table(rows) + "\n")
                figures.extend(rows)
        alone = folder / "direct"
        alone.mkdir()
        direct = run_direct(
            runnable(DIRECT),
            SIZES,
            tools=tools,
            folder=alone,
            runs=extent.direct_runs,
            run_s=extent.direct_s,
        )
    say(direct_table(direct) + "\n")
    cost = measure_scan()
    say(
        f"scan of a clean 200 KiB body: {cost.hot_us:.0f} us hot, {cost.paused_us:.0f} us after "
        f"pauses; {cost.ratio_hot:.2f} and {cost.ratio_paused:.2f} times Hyperscan alone"
    )
    bars = tuple(bar_lines(figures, direct, cost))
    say("\n".join(bars))
    say(f"took {time.monotonic() - began:.0f} s")
    return outcome(
        command, machine, figures=figures, direct=direct, scan=_scan_times(cost), bars=bars
    )


def _scan_times(cost: ScanCost) -> ScanTimes:
    return ScanTimes(
        hot=round(cost.hot_us, 1),
        paused=round(cost.paused_us, 1),
        raw_paused=round(cost.raw_paused_us, 1),
        ratio_hot=round(cost.ratio_hot, 3),
        ratio_paused=round(cost.ratio_paused, 3),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py bench",
        description="Measures added latency, CPU time and memory in a real Envoy.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer and shorter rounds: under two minutes"
    )
    parser.add_argument(
        "--target", metavar="URL", help="load your own Envoy instead: http://HOST:PORT/PATH"
    )
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write the figures to FILE as JSON too"
    )
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
