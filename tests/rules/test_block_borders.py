"""A value is found wherever it stands: the finder of byte classes works in blocks of 256 bytes."""

from __future__ import annotations

from random import Random

import pytest

from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

BLOCK = 256
KINDS = sorted(each.id for each in shipped_detectors() if each.id in SPECIMENS)


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors())


@pytest.mark.parametrize("kind", KINDS)
def test_value_is_found_across_the_border_of_a_block(
    kind: str, scanner: TextScanner, rng: Random
) -> None:
    specimen = SPECIMENS[kind]
    value = specimen.valid(rng)
    if specimen.needs_key:
        value = f"{specimen.key}=".encode() + value
    missed = [
        start
        for start in range(BLOCK - min(len(value), 60) - 4, BLOCK + 4)
        if not _found(kind, scanner, start, value)
    ]
    assert not missed


def _found(kind: str, scanner: TextScanner, start: int, value: bytes) -> bool:
    text = b"." * (start - 1) + b" " + value + b" " + b"." * 300
    return any(finding.detector == kind for finding in scanner.scan(text).findings)
