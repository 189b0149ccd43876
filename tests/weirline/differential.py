"""Compares the scanner with a slow plain one on random bodies, and says where the two differ.

Run `python -m tests.weirline.differential [BODIES] [FIRST]`; 100,000 bodies from 0 on by default.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import cast

from tests.conftest import seed_of_values
from tests.weirline.plain_chain import PlainChain
from tests.weirline.random_body import random_body
from weirline.detect.chain import Chain
from weirline.detect.detector import Detector
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

BODIES = 100_000
PROGRESS = 10_000


def differences(seed: str, numbers: Iterable[int], detectors: Sequence[Detector]) -> Iterator[str]:
    """Yield a line for each body on which the two differ: its number, kinds and spans."""
    kinds = [SPECIMENS[one.id] for one in detectors if one.id in SPECIMENS]
    scanner = build_scanner(detectors)
    plain = TextScanner(cast("Chain", PlainChain(detectors)))
    for number in numbers:
        body = random_body(Random(f"{seed}:{number}"), kinds)
        ours = scanner.read(body)
        theirs = plain.read(body)
        if ours != theirs:
            only = set(ours.findings) ^ set(theirs.findings)
            told = sorted(
                f"{'+' if one in ours.findings else '-'}{one.detector}[{one.start}:{one.end}]"
                f"@{one.confidence}"
                for one in only
            )
            yield f"body {number}: {' '.join(told)}"


def main(arguments: list[str]) -> int:
    """Compare, print what differs, return 1 if anything does."""
    bodies = int(arguments[0]) if arguments else BODIES
    first = int(arguments[1]) if len(arguments) > 1 else 0
    found = 0
    for start in range(first, first + bodies, PROGRESS):
        numbers = range(start, min(start + PROGRESS, first + bodies))
        for line in differences(seed_of_values(), numbers, shipped_detectors()):
            print(line)
            found += 1
        print(f"{numbers.stop - first} bodies, {found} differences", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
