from __future__ import annotations

from weirline.cli.demo.leak import Leak


def test_leak_is_called_by_its_cause_and_title() -> None:
    leak = Leak("/x", "text/plain", b"", (), cause="logic error", title="error page")
    assert leak.name == "logic error: error page"


def test_leak_without_a_cause_is_called_by_its_path() -> None:
    assert Leak("/export?all=1", "text/csv", b"", ()).name == "/export?all=1"
