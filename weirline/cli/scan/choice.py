"""Which detectors a scan runs, and from which confidence on a finding counts.

The shipped pack `default` at the default floor is what the sidecar runs. Everything else is asked
for: another pack, every shipped kind, detector files of one's own. Own detectors come on top, and
one with the id of a shipped one takes its place, so that a change can be tried.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from weirline.cli.detectors import read_entries
from weirline.detect.detector import Detector
from weirline.detect.floor import DEFAULT_FLOOR
from weirline.errors import ConfigurationError, Problem
from weirline.rulepack.shipped import DEFAULT_PACK, shipped_packs

UNKNOWN_PACK = "L03"
ALL_KINDS_FLOOR = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The detectors to run; findings below `floor` (a confidence, 0 to 1) do not count."""

    detectors: tuple[Detector, ...]
    floor: float


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose detectors."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--pack", default=DEFAULT_PACK, help="the shipped pack to run; default: %(default)s"
    )
    which.add_argument(
        "--all-kinds",
        action="store_true",
        help="run every shipped detector, unproven ones too, at floor 0 unless --floor says more",
    )
    parser.add_argument(
        "--detectors",
        action="append",
        default=[],
        metavar="FILE",
        help="a detector file of your own, beside the pack; may be given again",
    )
    parser.add_argument(
        "--floor",
        type=confidence,
        metavar="X",
        help=f"the least confidence that counts, 0 to 1; default: {DEFAULT_FLOOR}",
    )


def choose(args: argparse.Namespace) -> Choice:
    """Return what the options ask for.

    Raises DetectorError for a detector file that cannot be used, ConfigurationError for a pack
    that does not ship.
    """
    shipped = _shipped(None if args.all_kinds else args.pack)
    own = tuple(entry.detector for entry in read_entries(args.detectors)) if args.detectors else ()
    taken = {detector.id for detector in own}
    detectors = (*(each for each in shipped if each.id not in taken), *own)
    if args.floor is not None:
        return Choice(detectors, args.floor)
    return Choice(detectors, ALL_KINDS_FLOOR if args.all_kinds else DEFAULT_FLOOR)


def confidence(text: str) -> float:
    """Return the confidence that `text` spells. Raises ValueError, as argparse wants it."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def _shipped(pack: str | None) -> Sequence[Detector]:
    packs = shipped_packs()
    if pack is None:
        return packs.detectors
    if pack not in packs.packs:
        expectation = "one of the packs " + ", ".join(sorted(packs.packs))
        raise ConfigurationError([Problem(UNKNOWN_PACK, "--pack", 0, 0, "pack", expectation)])
    by_id = {detector.id: detector for detector in packs.detectors}
    return tuple(by_id[name] for name in packs.packs[pack])
