"""`python3 dev.py bench detect`: the scanner alone, against its bars and beside other scanners.

Without a word it measures speed. `--truth` measures how well kinds are told apart on generated
values, `--innocent` how often it cries wolf; both print kinds and counts, never a value. It exits
with 0 whatever the figures are: whether a bar held stands beside it, and in the JSON.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from loadtest.detect import innocent, report, speed, truth
from loadtest.machine import this_machine
from weirline.detect.detector import Detector
from weirline.detect.floor import DEFAULT_FLOOR, Floors
from weirline.errors import WeirlineError
from weirline.rulepack.shipped import DEFAULT_PACK, CompiledPacks, shipped_packs
from weirline.scan import MOST_FINDINGS, ScanResult, build_scanner

SEED = 20251101
QUICK_VALUES = 25


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; return 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    command = " ".join(["python3 dev.py bench detect", *arguments])
    try:
        outcome = run(options, command)
        if options.json is not None:
            options.json.write_bytes(msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")
    except (WeirlineError, OSError) as error:
        sys.stderr.write(f"bench detect: {error}\n")
        return 1
    return 0


def run(options: argparse.Namespace, command: str) -> report.DetectOutcome:
    """Measure, telling each table as it is done."""
    began = time.monotonic()
    machine = this_machine().line()
    packs = shipped_packs()
    default = pack_detectors(packs, DEFAULT_PACK)
    _say(f"{machine}\n{command}\n{len(default)} detectors in the pack, {len(packs.detectors)} ship")
    measured = report.Measured()
    if not (options.truth or options.innocent):
        extent = speed.QUICK if options.quick else speed.FULL
        measured.speed = speed.measure(default, extent, peers=not options.no_peers)
        _say("\n" + report.speed_table(measured.speed))
    if options.truth:
        find = counting_from(packs.detectors, 0.0)
        values = options.values or (QUICK_VALUES if options.quick else truth.VALUES)
        measured.scores = truth.measure(packs.detectors, find, seed=options.seed, values=values)
        measured.unproven = truth.unproven(packs.detectors)
        _say("\n" + truth.table(measured.scores, set(packs.packs[DEFAULT_PACK])))
        _say(f"without a generator: {', '.join(measured.unproven) or 'none'}")
    if options.innocent:
        size = innocent.QUICK_BYTES if options.quick else innocent.FULL_BYTES
        find = counting_from(default, DEFAULT_FLOOR)
        measured.innocence = innocent.measure(find, size, seed=options.seed)
        _say("\n" + innocent.table(measured.innocence))
    outcome = report.outcome(command, machine, len(default), measured)
    _say("\n" + report.bar_table(outcome.bars))
    _say(f"took {time.monotonic() - began:.0f} s")
    return outcome


def pack_detectors(packs: CompiledPacks, name: str) -> tuple[Detector, ...]:
    """Return the detectors of one pack."""
    by_id = {detector.id: detector for detector in packs.detectors}
    return tuple(by_id[each] for each in packs.packs[name])


def counting_from(detectors: Sequence[Detector], floor: float) -> Callable[[bytes], ScanResult]:
    """Return a scan that leaves out what is below the floor."""
    return build_scanner(detectors, max_findings=MOST_FINDINGS, floors=Floors(floor)).scan


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py bench detect",
        description="Measures the scanner alone: its speed beside other scanners, or what it finds "
        "and what it should not have found.",
    )
    parser.add_argument("--quick", action="store_true", help="less of each: under two minutes")
    parser.add_argument("--truth", action="store_true", help="generated values, valid and broken")
    parser.add_argument("--values", type=int, metavar="N", help="so many of each kind for --truth")
    parser.add_argument("--innocent", action="store_true", help="text with nothing to find")
    parser.add_argument(
        "--no-peers", action="store_true", help="leave out the scanners that must be installed"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of values and texts: %(default)s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
