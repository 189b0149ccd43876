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


def test_row_says_check_limits_and_whether_proven() -> None:
    lines = detector_page(compile_packs(shipped_sources())).splitlines()
    row = next(line for line in lines if line.startswith("| `vin` |"))
    assert row.endswith("| 0.85 | `vin` | named, 18 | yes | yes |")
    row = next(line for line in lines if line.startswith("| `node_stack_trace` |"))
    assert "| observed, " in row
    row = next(line for line in lines if line.startswith("| `mac_address` |"))
    assert "| 0.8, 0.95 | `mac_address` |" in row
    assert any(line.startswith("| `hipaa` | ") for line in lines)
