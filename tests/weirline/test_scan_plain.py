"""The scanner against a slow plain one: equal findings on random bodies.

Here the detectors are taken twelve at a time, as every one of them costs the plain scanner time
with every body. All at once, on 100,000 bodies: `python -m tests.weirline.differential`.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.conftest import seed_of_values
from tests.weirline.differential import differences
from weirline.detect.detector import Detector
from weirline.rulepack.shipped import shipped_detectors

BODIES = 2_000
GROUPS = 10
LARGEST_GROUP = 12


@pytest.fixture(scope="module")
def shipped() -> tuple[Detector, ...]:
    return tuple(shipped_detectors())


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_scanner_finds_what_a_plain_one_finds(group: int, shipped: tuple[Detector, ...]) -> None:
    detectors = list(shipped)
    Random(f"{seed_of_values()}:{group // 2}").shuffle(detectors)
    some = detectors[group % 2 * LARGEST_GROUP :][:LARGEST_GROUP]
    first = group * (BODIES // GROUPS)
    numbers = range(first, first + BODIES // GROUPS)
    assert list(differences(seed_of_values(), numbers, some)) == []
