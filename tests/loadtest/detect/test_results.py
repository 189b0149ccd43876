from __future__ import annotations

from pathlib import Path

import msgspec

from loadtest.detect.report import (
    BarRow,
    DetectOutcome,
    HostileRow,
    InnocentRow,
    KindRow,
    ScanRow,
)
from loadtest.detect.results import section

SPEED = DetectOutcome(
    "python3 dev.py bench detect",
    "2 cores, some CPU",
    50,
    scan=(ScanRow("weirline", "clean", 10, 612.3), ScanRow("presidio", "clean", 10, 0.08)),
    hostile=(HostileRow("ats", 20.5, 2.0),),
    missing=("gitleaks: no go",),
    bars=(BarRow("clean", 0.612, 0.5, held=True), BarRow("largest_s", 0.9, 0.5, held=False)),
)
TRUTH = DetectOutcome(
    "python3 dev.py bench detect --truth",
    "2 cores, some CPU",
    50,
    kinds=(KindRow("email", 1.0, 1.0, 1.0, 1.0), KindRow("iban", 1.0, 0.9, 0.8, 0.947)),
    unproven=("other",),
)
INNOCENT = DetectOutcome(
    "python3 dev.py bench detect --innocent",
    "2 cores, some CPU",
    50,
    innocent_mb=50.0,
    innocent=(InnocentRow("payment_card", 0.0, 77.0),),
)


def test_nothing_recorded_is_no_section(tmp_path: Path) -> None:
    assert section(tmp_path) == ""


def test_each_run_that_is_recorded_has_its_tables(tmp_path: Path) -> None:
    for name, run in (("detect", SPEED), ("detect_truth", TRUTH), ("detect_innocent", INNOCENT)):
        (tmp_path / f"{name}.json").write_bytes(msgspec.json.encode(run))
    text = section(tmp_path)
    assert text.startswith("## Detection\n")
    assert "| rate on a clean body, over that of the pack's literals alone | 0.612 |" in text
    assert "| seconds for 8 MiB of the slowest hostile body | 0.9 | at most 0.5 | **no** |" in text
    assert "| presidio | 0.08 |" in text
    assert "Left out: gitleaks: no go." in text
    assert "| ats | 20.5 | 2.00 |" in text
    assert "2 kinds have a generator, 1 have none; 1 are told without a fault" in text
    assert "| `iban` | 1.000 | 0.900 | 0.800 | 0.947 |" in text
    assert "`email`" not in text
    assert "| `payment_card` | 0 | 77 |" in text
