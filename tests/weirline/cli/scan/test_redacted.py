from __future__ import annotations

from pathlib import Path

import pytest

from weirline.cli.scan.redacted import CopiesBelow, CopyToOutput, masked
from weirline.cli.scan.source import Source
from weirline.cli.scan.window import Window
from weirline.detect.finding import Finding

SOURCE = Source("x/a/b.txt", None, Path("a/b.txt"))


def test_part_a_window_accounts_for_is_copied_with_its_values_masked() -> None:
    finding = Finding("kind", "secrets", 4, 7, 1.0)
    assert masked(Window(b"ab: xyz, rest", 96, 2, 9, (finding,), frozenset())) == b": ***, "


def test_copy_goes_below_the_folder_by_its_inner_path(tmp_path: Path) -> None:
    with CopiesBelow(tmp_path / "out").opened(SOURCE) as write:
        write(b"one")
        write(b"two")
    assert (tmp_path / "out" / "a" / "b.txt").read_bytes() == b"onetwo"


def test_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    copies = CopiesBelow(tmp_path)
    with copies.opened(SOURCE) as write:
        write(b"first")
    with pytest.raises(FileExistsError), copies.opened(SOURCE) as write:
        write(b"second")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"first"


def test_copy_that_was_not_finished_is_taken_away(tmp_path: Path) -> None:
    def fail() -> None:
        with CopiesBelow(tmp_path).opened(SOURCE) as write:
            write(b"first")
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        fail()
    assert not list(tmp_path.rglob("*.txt"))


def test_only_copy_goes_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with CopyToOutput().opened(SOURCE) as write:
        write(b"\xffcopy")
    assert capfdbinary.readouterr().out == b"\xffcopy"
