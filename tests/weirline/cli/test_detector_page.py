from __future__ import annotations

from weirline.cli.detector_page import detector_page
from weirline.rulepack.shipped import compile_packs, shipped_sources


def test_page_has_a_row_for_every_kind_with_its_issuer() -> None:
    packs = compile_packs(shipped_sources())
    lines = detector_page(packs).splitlines()
    for detector in packs.detectors:
        (row,) = [line for line in lines if line.startswith(f"| `{detector.id}` |")]
        assert f"]({detector.issuer})" in row
    assert f"{len(packs.detectors)} kinds ship" in detector_page(packs)
