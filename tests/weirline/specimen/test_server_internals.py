from __future__ import annotations

import random

import pytest

from weirline.rulepack.shipped import shipped_packs
from weirline.scan import build_scanner
from weirline.specimen import SPECIMENS
from weirline.specimen.server_internals import SERVER_KINDS

DETECTORS = {detector.id: detector for detector in shipped_packs().detectors}


@pytest.mark.parametrize("kind", [specimen.kind for specimen in SERVER_KINDS])
def test_valid_value_is_found_whole_and_a_broken_one_is_not(kind: str, rng: random.Random) -> None:
    specimen = SPECIMENS[kind]
    scanner = build_scanner([DETECTORS[kind]])
    before = specimen.key.encode() + b": "
    for _ in range(40):
        value = specimen.valid(rng)
        (found, *_) = scanner.scan(before + value + b"\n").findings
        assert (found.start, found.end) == (len(before), len(before) + len(value))
        assert not scanner.scan(before + specimen.broken(rng) + b"\n").findings
