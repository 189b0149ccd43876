"""A finding with the place a person looks for it at: file, line, column.

It holds no byte of the value. Names of files are shown with control characters and bytes that are
no text spelled out, so that a name cannot forge a line of output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from weirline.cli.scan.code_point import characters
from weirline.cli.scan.window import Window
from weirline.detect.finding import Finding


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in one place.

    `part` names the piece of a HAR file, empty elsewhere; line, column and offset count within it
    then. `line` and `column` (in characters) count from 1, `offset` and `size` are bytes.
    """

    name: str
    part: str
    line: int
    column: int
    offset: int
    size: int
    finding: Finding


class Placer:
    """Walks one text from window to window and places its findings; owned by that walk."""

    __slots__ = ("_column", "_line", "_name", "_part")

    def __init__(self, name: str, part: str = "") -> None:
        self._name = name
        self._part = part
        self._line = 1
        self._column = 1

    def place(self, window: Window) -> Iterator[Found]:
        """Yield the findings of the next window; must be walked to its end."""
        position = window.start
        for finding in window.findings:
            self._walk(window.piece[position : finding.start])
            position = finding.start
            yield Found(
                name=self._name,
                part=self._part,
                line=self._line,
                column=self._column,
                offset=window.offset + finding.start,
                size=finding.end - finding.start,
                finding=finding,
            )
        self._walk(window.piece[position : window.end])

    def _walk(self, text: bytes) -> None:
        breaks = text.count(b"\n")
        if breaks:
            self._line += breaks
            self._column = 1
            text = text[text.rindex(b"\n") + 1 :]
        self._column += characters(text)


def shown(name: str) -> str:
    """Return a file's name as output shows it."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
