from __future__ import annotations

from pathlib import Path

import pytest

from extproc import policy_watch
from extproc.policy_watch import LOOK_S, PolicyWatch


class Clock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now = 100.0
        self.day = "001"

    def monotonic(self) -> float:
        return self.now

    def gmtime(self) -> None:
        return None

    def strftime(self, form: str, moment: None) -> str:
        del form, moment
        return self.day


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(policy_watch, "time", made)
    return made


def later(watch: PolicyWatch, clock: Clock, seconds: float) -> bool:
    clock.now += seconds
    return watch.changed()


def test_change_counts_once_and_only_when_it_has_settled(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "p"
    file.write_text("a")
    watch = PolicyWatch(str(file), 2)
    assert not later(watch, clock, 5)
    file.write_text("ab")
    assert not later(watch, clock, LOOK_S)
    file.write_text("abc")
    assert not later(watch, clock, 1.9)
    assert not later(watch, clock, 1.9)
    assert later(watch, clock, LOOK_S)
    assert not later(watch, clock, 60)


def test_file_that_was_read_in_between_is_no_change(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "p"
    file.write_text("a")
    watch = PolicyWatch(str(file), 2)
    file.write_text("ab")
    later(watch, clock, LOOK_S)
    watch.note()
    assert not later(watch, clock, 60)


def test_new_day_counts_and_a_missing_file_does_not(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "p"
    file.write_text("a")
    watch = PolicyWatch(str(file), 1)
    clock.day = "002"
    assert not later(watch, clock, LOOK_S)
    assert later(watch, clock, 2)
    file.unlink()
    later(watch, clock, LOOK_S)
    assert not later(watch, clock, 60)


def test_nothing_is_watched_without_a_path_or_a_time(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "p"
    file.write_text("a")
    for watch in (PolicyWatch("", 1), PolicyWatch(str(file), 0)):
        file.write_text("other" * 9)
        later(watch, clock, LOOK_S)
        assert not later(watch, clock, 60)
