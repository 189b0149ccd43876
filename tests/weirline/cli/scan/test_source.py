from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from weirline.cli.scan.source import Source, sources, unreadable
from weirline.errors import Problem

if TYPE_CHECKING:
    import pytest


def read(source: Source) -> bytes:
    with source.opened() as file:
        return file.read()


def names(path: Path, **options: Path) -> list[str]:
    return [
        str(each.inner) if isinstance(each, Source) else f"! {Path(each.file).name}"
        for each in sources([str(path)], **options)
    ]


def test_folder_is_walked_to_the_bottom_in_order_of_names(tmp_path: Path) -> None:
    folder = tmp_path / "top"
    (folder / "b" / "c").mkdir(parents=True)
    for name in ("z", ".hidden", "b/c/deep.bin", "b/a"):
        (folder / name).write_bytes(b"\x00")
    assert names(folder) == ["top/.hidden", "top/b/a", "top/b/c/deep.bin", "top/z"]


def test_link_to_above_ends_and_link_to_elsewhere_is_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "top", tmp_path / "elsewhere"
    (folder / "in").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "far").touch()
    (folder / "in" / "up").symlink_to(folder)
    (folder / "out").symlink_to(elsewhere)
    assert names(folder) == ["top/out/far"]


def test_pipes_are_passed_over_and_dead_links_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dead").symlink_to(tmp_path / "nothing")
    assert names(tmp_path) == ["! dead"]


def test_folder_of_the_copies_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "copy").touch()
    assert names(tmp_path, leave_out=tmp_path / "out") == []


def test_folder_of_copies_that_is_not_there_yet_leaves_out_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert names(tmp_path, leave_out=tmp_path / "out") == [f"{tmp_path.name}/a"]


def test_standard_input_and_files_are_read_as_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xffin")))
    (tmp_path / "a").write_bytes(b"\x00a")
    found = list(sources(["-", str(tmp_path / "a")]))
    assert [read(each) for each in found if isinstance(each, Source)] == [b"\xffin", b"\x00a"]


def test_problem_says_what_the_system_said_and_nothing_of_the_text() -> None:
    problem = unreadable("a", FileNotFoundError(2, "secret"))
    assert isinstance(problem, Problem)
    assert re.fullmatch("a: L02 file: cannot be used: No such file or directory", str(problem))
