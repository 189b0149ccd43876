from __future__ import annotations

from pathlib import Path

import pytest  # noqa: TC002 - pytest reads the fixtures' annotations

from dashboards.generate import texts
from weirline.cli.dashboards import shipped_files
from weirline.cli.main import main


def test_export_writes_every_file_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "boards"
    assert main(["dashboards", "export", str(folder)]) == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert written == shipped_files() == dict(texts())
    assert capsys.readouterr().out.split() == [str(folder / name) for name in sorted(written)]


def test_changed_file_is_kept_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "weirline-overview.json"
    changed.write_text("{}")
    assert main(["dashboards", "export", str(tmp_path)]) == 2
    assert "weirline-overview.json: L12 file: a folder without it" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [changed.name]
    assert main(["dashboards", "export", "--force", str(tmp_path)]) == 0
    assert changed.read_text() == shipped_files()[changed.name]


def test_folder_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["dashboards", "export", str(tmp_path / "file" / "in")]) == 2
    assert "L11 folder" in capsys.readouterr().err
