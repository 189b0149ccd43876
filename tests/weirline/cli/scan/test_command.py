from __future__ import annotations

import base64
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from weirline.cli.main import main
from weirline.specimen import SPECIMENS

pytestmark = pytest.mark.slow


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_values_of_files_are_placed_and_counted_and_never_shown(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    iban = SPECIMENS["iban"].valid(rng).decode()
    mail = SPECIMENS["email"].valid(rng).decode()
    (tmp_path / "a.txt").write_text(f"nothing\nto {mail}\n")
    (tmp_path / "b.txt").write_text(f"{iban}\n")
    for form in ("text", "json", "ndjson", "sarif", "csv"):
        assert main(["scan", "--format", form, str(tmp_path)]) == 1
        out, told = capsys.readouterr()
        assert ("email" in out, "iban" in out, told) == (True, True, "")
        assert iban not in out
        assert mail not in out
        if form == "text":
            assert f"{tmp_path}/a.txt:2:4: email contact, {len(mail)} bytes" in out
            assert f"{tmp_path}/b.txt:1:1: iban " in out
            assert "       2  in all" in out


def test_standard_input_without_a_value_is_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, b"nothing here\n")
    assert main(["scan"]) == 0
    assert capsys.readouterr().out == "       0  in all, 1 files\n"


def test_every_file_that_cannot_be_read_is_named_and_the_others_are_scanned(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").write_bytes(b"to " + SPECIMENS["email"].valid(rng))
    assert main(["scan", str(tmp_path / "gone"), str(tmp_path / "a"), str(tmp_path / "no")]) == 4
    out, told = capsys.readouterr()
    assert f"{tmp_path}/gone: L02 file: cannot be used: No such file" in told
    assert f"{tmp_path}/no: L02 file" in told
    assert "       1  email" in out


def test_faulty_detector_file_ends_the_scan_with_its_own_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text("detectors: 7\n")
    assert main(["scan", "--detectors", str(tmp_path / "own.yaml"), "-"]) == 3
    assert "own.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        ["--output", "out"],
        ["--redact", "a", "b"],
        ["--redact", "."],
        ["--redact", "--format", "json", "a"],
        ["--jsonl", "--format", "json"],
        ["--jsonl", "--redact"],
        ["--pack", "nonsense"],
    ],
)
def test_options_that_do_not_go_together_are_refused_with_the_mend(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", *argv]) == 2
    out, told = capsys.readouterr()
    assert (out, told.count("\n")) == ("", 1)


def test_copy_of_the_only_file_goes_to_standard_output_with_values_masked(
    tmp_path: Path, rng: random.Random, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    mail = SPECIMENS["email"].valid(rng)
    text = b'{"to":"' + mail + b'","n":[1,2]}\r\n\xff'
    (tmp_path / "a").write_bytes(text)
    assert main(["scan", "--redact", str(tmp_path / "a")]) == 1
    copy = capsysbinary.readouterr().out
    assert (len(copy), copy[:7], copy[-14:]) == (len(text), text[:7], text[-14:])
    assert mail not in copy


def test_copies_of_a_folder_scan_clean(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in" / "deep"
    source.mkdir(parents=True)
    for kind in ("email", "iban", "payment_card", "aws_access_key_id", "jwt"):
        value = SPECIMENS[kind].valid(rng).decode()
        (source / f"{kind}.json").write_text(json.dumps({"key": value}))
    out = tmp_path / "out"
    assert main(["scan", "--redact", "--output", str(out), str(tmp_path / "in")]) == 1
    assert "       5  in all, 5 files" in capsys.readouterr().out
    assert main(["scan", str(out)]) == 0
    assert len([json.loads(path.read_bytes()) for path in out.rglob("*.json")]) == 5


def test_copy_of_an_archive_holds_no_value_in_base64_either(
    tmp_path: Path, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = SPECIMENS["email"].valid(rng)
    body = base64.b64encode(b'{"to": "' + mail + b'", "more": "of this and that, no value"}')
    content = {"mimeType": "application/json", "encoding": "base64", "text": body.decode()}
    entry = {"request": {"method": "GET", "url": "/"}, "response": {"content": content}}
    (tmp_path / "x.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    out = tmp_path / "out"
    assert main(["scan", "--redact", "--output", str(out), str(tmp_path / "x.har")]) == 1
    copied = json.loads((out / "x.har").read_bytes())["log"]["entries"][0]["response"]["content"]
    decoded = base64.b64decode(copied["text"])
    assert (mail in decoded, json.loads(decoded)["more"]) == (False, "of this and that, no value")
    assert main(["scan", str(out)]) == 0
    assert mail.decode() not in capsys.readouterr().out


def test_batch_form_answers_every_line_in_order(
    monkeypatch: pytest.MonkeyPatch, rng: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = SPECIMENS["email"].valid(rng).decode()
    rows = [{"id": 1, "text": f"\U0001f600 {mail}"}, {"id": 2, "text": "no"}]
    stdin(monkeypatch, "\n".join(json.dumps(row) for row in rows).encode())
    assert main(["scan", "--jsonl"]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    (hit,) = first["findings"]
    assert (hit["type"], hit["start"], hit["end"]) == ("email", 2, 2 + len(mail))
    assert second == {"id": 2, "findings": []}


def test_batch_form_tells_a_bad_line_and_ends_with_the_usage_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, b'{"id":1,"text":""}\nnonsense\n{"id":3,"text":""}\n')
    assert main(["scan", "--jsonl", "-"]) == 2
    out, told = capsys.readouterr()
    assert out.count("\n") == 2
    assert told.startswith("standard input:2:1: L04 line: ")


@pytest.mark.parametrize("lines", [True, False])
def test_file_much_larger_than_a_window_is_scanned_in_bounded_memory(
    lines: bool, tmp_path: Path, rng: random.Random
) -> None:
    values = [SPECIMENS["email"].valid(rng) for _ in range(20)]
    with (tmp_path / "big").open("wb") as big:
        for value in values:
            filler = b"nothing to see here, " * 50_000
            big.write(filler + value + (b"\n" if lines else b" "))
    program = (
        "import resource, sys; from weirline.cli.main import main; code = main(); "
        "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)); sys.exit(code)"
    )
    whole = [sys.executable, "-c", program, "scan", "--format", "ndjson"]
    small = tmp_path / "small"
    small.write_bytes(b"compiles, or loads what was compiled before")
    warm = subprocess.run([*whole, str(small)], capture_output=True, check=True)
    ended = subprocess.run(
        [*whole, str(tmp_path / "big")],
        capture_output=True,
        check=False,
    )
    offsets = [json.loads(line)["offset"] for line in ended.stdout.splitlines()]
    assert (ended.returncode, len(offsets)) == (1, 20)
    assert all(
        (tmp_path / "big").read_bytes()[at:].startswith(value)
        for at, value in zip(offsets, values, strict=True)
    )
    peak_mb = int(ended.stderr) / 1024  # nothing else is written there
    without_mb = int(warm.stderr) / 1024
    print(f"peak: {peak_mb:.0f} MB, {without_mb:.0f} MB for a small file")
    assert peak_mb < without_mb + 200
