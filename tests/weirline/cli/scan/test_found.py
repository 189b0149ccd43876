from __future__ import annotations

import re

import pytest

from weirline.cli.scan.found import Placer, shown
from weirline.cli.scan.window import Window
from weirline.detect.finding import Finding


def places(text: bytes, cuts: tuple[int, ...] = ()) -> list[tuple[int, int, int]]:
    """Place every `#` of a text that is cut into windows."""
    placer = Placer("a.txt")
    found = []
    for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True):
        findings = tuple(
            Finding("hash", "identity", start + one.start(), start + one.end(), 1.0)
            for one in re.finditer(b"#", text[start:end])
        )
        window = Window(text, 0, start, end, findings, frozenset())
        found += [(each.line, each.column, each.offset) for each in placer.place(window)]
    return found


def test_lines_and_columns_count_from_one_and_offsets_from_nought() -> None:
    assert places(b"#a#\n\n #") == [(1, 1, 0), (1, 3, 2), (3, 2, 6)]


def test_columns_count_characters_as_editors_do() -> None:
    assert places("\u00e9\U0001f600#".encode()) == [(1, 3, 6)]


@pytest.mark.parametrize("cut", range(1, 14))
def test_places_are_the_same_however_the_text_is_cut(cut: int) -> None:
    text = b"ab#\r\ncd#e#\n#fg"
    assert places(text, (cut,)) == places(text)


def test_finding_in_a_window_further_on_has_its_offset_in_the_whole_text() -> None:
    finding = Finding("hash", "identity", 2, 5, 1.0)
    (found,) = Placer("a", "part").place(Window(b"ab###", 1000, 1, 5, (finding,), frozenset()))
    assert (found.offset, found.size, found.part) == (1002, 3, "part")


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("a/b.txt", "a/b.txt"),
        ("caf\u00e9", "caf\u00e9"),
        ("a\nb:1:1: forged", "a\\nb:1:1: forged"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\udcff", "\\xff"),
    ],
)
def test_name_of_a_file_cannot_forge_output(name: str, output: str) -> None:
    assert shown(name) == output
