from __future__ import annotations

import io
from typing import TYPE_CHECKING

from weirline.cli.scan.form import Totals
from weirline.cli.scan.progress import Progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_is_told_once_in_a_while_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    now = [10.0]
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    progress = Progress()
    progress.clear()
    assert terminal.getvalue() == ""
    totals = Totals(files=3, bytes=2_500_000, findings=1)
    for step in (0.0, 0.05, 0.06):
        now[0] += step
        progress.tell(totals)
    line = "\r\x1b[K3 files, 2.5 MB, 1 findings"
    assert terminal.getvalue() == line * 2
    progress.clear()
    assert terminal.getvalue() == line * 2 + "\r\x1b[K"


def test_log_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    progress = Progress()
    progress.tell(Totals())
    progress.clear()
    assert log.getvalue() == ""
