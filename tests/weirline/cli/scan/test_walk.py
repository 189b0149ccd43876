from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from weirline.cli.scan.form import NdjsonForm
from weirline.cli.scan.outcome import Outcome
from weirline.cli.scan.redacted import CopiesBelow
from weirline.cli.scan.source import sources
from weirline.cli.scan.walk import Walk
from weirline.detect.finding import Finding
from weirline.scan import ScanResult


def find(text: bytes) -> ScanResult:
    """Find `#` and two digits; a text with `!` is not looked at to its end."""
    return ScanResult(
        tuple(
            Finding("hash_id", "identity", found.start(), found.end(), 1.0)
            for found in re.finditer(rb"#\d\d", text)
        ),
        frozenset({"hash_id"}) if b"!" in text else frozenset(),
    )


def walked(
    folder: Path, capsys: pytest.CaptureFixture[str], copies: CopiesBelow | None = None
) -> tuple[Outcome, list[tuple[str, str, int]], str]:
    outcome = Walk(find, NdjsonForm(), copies).run(sources([str(folder)]))
    out, told = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    return (
        outcome,
        [(Path(row["file"]).name, row.get("part", ""), row["offset"]) for row in rows],
        told,
    )


def test_every_source_is_scanned_and_the_gravest_outcome_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").write_bytes(b"x #12")
    (tmp_path / "b").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c").write_bytes(b"#34#56")
    outcome, rows, told = walked(tmp_path, capsys)
    assert rows == [("a", "", 2), ("c", "", 0), ("c", "", 3)]
    assert outcome is Outcome.ENVIRONMENT
    assert "L02 file: cannot be used: No such file" in told


def test_clean_sources_are_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert walked(tmp_path, capsys) == (Outcome.CLEAN, [], "")


def test_text_not_looked_at_to_its_end_is_told_and_gets_no_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_bytes(b"#12!")
    outcome, rows, told = walked(folder, capsys)
    assert (outcome, len(rows)) == (Outcome.FOUND, 1)
    assert "some were not looked for" in told
    outcome, _, told = walked(folder, capsys, CopiesBelow(tmp_path / "out"))
    assert outcome is Outcome.ENVIRONMENT
    assert "its copy was not written" in told
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_archive_is_told_by_its_parts_and_copied_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    entry = {"request": {"method": "GET", "url": "/login?a=#12"}, "response": {}}
    content = json.dumps({"log": {"entries": [entry]}}).encode()
    (folder / "x.HAR").write_bytes(content)
    outcome, rows, _ = walked(folder, capsys, CopiesBelow(tmp_path / "out"))
    assert (outcome, rows) == (
        Outcome.FOUND,
        [("x.HAR", "entries[0] GET /login request.url", 9)],
    )
    copy = (tmp_path / "out" / "in" / "x.HAR").read_bytes()
    assert copy == content.replace(b"#12", b"***")


@pytest.mark.parametrize("most", [1, 1000])
def test_archive_that_is_none_or_too_large_is_scanned_as_text(
    most: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("weirline.cli.scan.walk.HAR_MOST_BYTES", most)
    (tmp_path / "x.har").write_bytes(b"no archive, but #12 and #34")
    _, rows, _ = walked(tmp_path, capsys)
    assert rows == [("x.har", "", 16), ("x.har", "", 24)]
