from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest

from weirline.cli.explain import MOST_BYTES, explain
from weirline.cli.main import main
from weirline.cli.scan.choice import Choice
from weirline.detect.detector import Context, Detector, Severity
from weirline.specimen import SPECIMENS


def detector(kind: str, pattern: str, **fields: object) -> Detector:
    given: dict[str, object] = {
        "id": kind,
        "title": kind,
        "category": "secrets",
        "severity": Severity.LOW,
        "pattern": pattern,
        "width": 64,
        "confidence": 0.6,
        "issuer": "https://example.com",
    }
    return Detector(**(given | fields))  # type: ignore[arg-type] # fields by name


TICKET = detector(
    "ticket",
    r"\bT-[0-9]{6}\b",
    context=Context(words=("ticket",), against=("track",), confidence=0.3),
)
STRONG = detector("strong", r"\bT-[0-9]{6}-X\b", confidence=0.95)
WEAK = detector("weak", r"\bW-[0-9]{6}\b", confidence=0.2)
BOUND = detector(
    "bound", r"\bB-[0-9]{6}\b", context=Context(words=("bond",), required=True, confidence=0.3)
)


def told(text: str, *detectors: Detector, floor: float = 0.5) -> list[tuple[str, dict[str, str]]]:
    accounts = explain(text.encode(), Choice(detectors, floor))
    return [
        (f"{each.type} {each.outcome}", {step.step: step.result for step in each.steps})
        for each in accounts
    ]


def test_word_nearby_is_named_with_its_place_and_added_up() -> None:
    ((outcome, steps),) = told('{"ticket": "T-123456"}', TICKET)
    assert outcome == "ticket found"
    assert steps["context"] == "«ticket», key: speaks for it"
    assert steps["confidence"] == "0.60 + 0.30 for the context = 0.90"
    assert (steps["floor"], steps["resolver"]) == ("at least 0.50", "kept")


def test_word_against_drops_a_value_and_is_named() -> None:
    ((outcome, steps),) = told("the track T-123456", TICKET)
    assert (outcome, steps["context"]) == ("ticket context", "«track», before: rules it out")
    assert "confidence" not in steps


def test_missing_word_that_is_required_is_told() -> None:
    ((outcome, steps),) = told("bond" + " " * 80 + "B-123456", BOUND)
    assert outcome == "bound context"
    assert steps["context"] == "no word of it is near, and one is required"


def test_value_under_the_floor_is_told_as_such() -> None:
    ((outcome, steps),) = told("W-123456", WEAK)
    assert (outcome, steps["floor"]) == ("weak floor", "under 0.50")
    assert told("W-123456", WEAK, floor=0.1)[0][0] == "weak found"


def test_beaten_kind_names_the_winner() -> None:
    accounts = dict(told("T-123456-X", TICKET, STRONG))
    assert accounts["ticket beaten"]["resolver"] == "strong took the bytes"
    assert accounts["strong found"]["resolver"] == "kept"


def test_value_written_otherwise_says_how() -> None:
    ((_, steps),) = told("VC0xMjM0NTYgaXMgdGhlIHRpY2tldCB0aGF0IHdhcyBvcGVuZWQ=", TICKET)
    assert steps["written"] == "base64"


@pytest.mark.slow
def test_checks_are_named_and_no_value_is_shown(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    iban = SPECIMENS["iban"].valid(rng).decode()
    (tmp_path / "a").write_text(f"\n\u00e9 {iban}\n")
    assert main(["explain", str(tmp_path / "a")]) == 1
    out = capsys.readouterr().out
    assert f"{tmp_path}/a:2:3: iban, {len(iban)} bytes: found" in out
    assert "    check       iban: passed" in out
    assert iban not in out
    assert main(["explain", "--format", "json", str(tmp_path / "a")]) == 1
    (account,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (account["type"], account["outcome"], account["offset"]) == ("iban", "found", 4)


@pytest.mark.slow
def test_text_with_nothing_is_told_and_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"nothing")))
    assert main(["explain"]) == 0
    assert capsys.readouterr().out == "nothing in it looks like a value\n"


@pytest.mark.slow
def test_file_that_cannot_be_read_or_is_too_large_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    for name in ("gone", "large"):
        assert main(["explain", str(tmp_path / name)]) == 4
        assert f"{name}: L02 file: cannot be used: " in capsys.readouterr().err
    (tmp_path / "own.yaml").write_text("detectors: 7\n")
    assert main(["explain", "--detectors", str(tmp_path / "own.yaml")]) == 3
