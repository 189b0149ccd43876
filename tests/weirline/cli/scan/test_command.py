from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from weirline.cli.main import main
from weirline.cli.scan.command import report
from weirline.detect.finding import Finding
from weirline.scan import ScanResult
from weirline.specimen import SPECIMENS

pytestmark = pytest.mark.slow


def test_place_is_told_by_line_and_column_and_the_value_by_its_length_alone() -> None:
    text = b"first\nsecond: value here\n"
    finding = Finding("some_kind", "secrets", 14, 19, 0.9)
    assert report("a.txt", text, ScanResult((finding,), frozenset())) == [
        "a.txt:2:9: some_kind secrets, 5 bytes"
    ]


def test_scan_that_was_cut_short_says_so() -> None:
    assert report("a", b"", ScanResult((), frozenset({"email"}))) == [
        "a: more findings than are counted; the rest was not looked at"
    ]


def test_values_of_files_are_placed_and_counted_and_never_shown(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    iban = SPECIMENS["iban"].valid(rng).decode()
    mail = SPECIMENS["email"].valid(rng).decode()
    (tmp_path / "a.txt").write_text(f"nothing\nto {mail}\n")
    (tmp_path / "b.txt").write_text(f"{iban}\n")
    assert main(["scan", str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]) == 1
    out = capsys.readouterr().out
    assert f"{tmp_path}/a.txt:2:4: email contact, {len(mail)} bytes" in out
    assert f"{tmp_path}/b.txt:1:1: iban " in out
    assert "       2  in all" in out
    assert iban not in out
    assert mail not in out


def test_standard_input_without_a_value_is_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"nothing here\n")))
    assert main(["scan"]) == 0
    assert capsys.readouterr().out == "       0  in all\n"


def test_every_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(tmp_path), str(tmp_path / "missing")]) == 2
    error = capsys.readouterr().err
    assert f"{tmp_path}: L02 file: cannot be read: Is a directory" in error
    assert f"{tmp_path}/missing: L02 file: cannot be read: No such file" in error
