from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtest.detect import bench, innocent, speed
from loadtest.detect.bench import main
from loadtest.detect.speed import Extent
from weirline.rulepack.shipped import CompiledPacks, shipped_packs


@pytest.fixture
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two kinds ship, and measure little: the whole takes minutes."""
    shipped = shipped_packs()
    kinds = ("email", "iban")
    detectors = tuple(each for each in shipped.detectors if each.id in kinds)
    packs = CompiledPacks(shipped.format, "", detectors, {"default": kinds})
    monkeypatch.setattr(bench, "shipped_packs", lambda: packs)
    monkeypatch.setattr(bench, "QUICK_VALUES", 3)
    monkeypatch.setattr(innocent, "QUICK_BYTES", 300_000)
    monkeypatch.setattr(speed, "QUICK", Extent(rounds=1, peer_rounds=1))
    monkeypatch.setattr(speed, "LONG_BYTES", 20_000)


@pytest.mark.slow
@pytest.mark.usefixtures("two_kinds")
def test_speed_is_measured_for_each_scanner_and_body(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert main(["--quick", "--no-peers", "--json", str(file)]) == 0
    data = json.loads(file.read_bytes())
    assert {(row["engine"], row["body"]) for row in data["scan"]} == {
        (engine, body)
        for engine in ("weirline", "hyperscan_literals", "hyperscan_presence")
        for body in ("clean", "dense", "hostile")
    }
    assert all(row["mb_per_s"] > 0 and row["bytes"] >= 20_000 for row in data["scan"])
    assert len(data["hostile"]) == 7
    assert [bar["name"] for bar in data["bars"]] == ["clean", "dense", "growth", "largest_s"]
    assert "hyperscan_literals" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.usefixtures("two_kinds")
def test_truth_and_innocence_are_measured_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert main(["--quick", "--truth", "--innocent", "--json", str(file)]) == 0
    data = json.loads(file.read_bytes())
    assert [(row["kind"], row["f1"]) for row in data["kinds"]] == [("email", 1.0), ("iban", 1.0)]
    assert data["innocent_mb"] >= 0.3
    assert {bar["name"]: bar["held"] for bar in data["bars"]} == {
        "macro_f1": True,
        "false_per_10_mb": True,
    }
    assert "scan" not in data
    assert "2 kinds, macro F1 1.0000" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.usefixtures("two_kinds")
def test_file_that_cannot_be_written_ends_the_bench_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--quick", "--truth", "--json", str(tmp_path / "no" / "file")]) == 1
    assert "bench detect: " in capsys.readouterr().err


@pytest.mark.full
@pytest.mark.alone
def test_quick_speed_of_the_default_pack_holds_what_load_does_not_move(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert main(["--quick", "--no-peers", "--json", str(file)]) == 0
    data = json.loads(file.read_bytes())
    print(data["bars"])
    assert all(row["growth"] <= 2.6 for row in data["hostile"])


@pytest.mark.full
@pytest.mark.long
def test_quick_truth_and_innocence_hold_their_bars(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert main(["--quick", "--truth", "--innocent", "--json", str(file)]) == 0
    data = json.loads(file.read_bytes())
    assert all(bar["held"] for bar in data["bars"]), data["bars"]
