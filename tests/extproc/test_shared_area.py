from __future__ import annotations

import os

import pytest

from extproc import shared_area
from extproc.shared_area import CELLS, Phase, SharedArea


def test_series_come_back_with_metric_labels_and_value() -> None:
    area = SharedArea()
    cells = [area.allot(3, ("a", "b")), area.allot(0, ()), area.allot(3, ("ö", '"'))]
    for value, cell in enumerate(cells, start=1):
        assert cell is not None
        area.cells[cell] += value
    assert area.series() == [(3, ("a", "b"), 1.0), (0, (), 2.0), (3, ("ö", '"'), 3.0)]


def test_series_allotted_after_a_reading_are_in_the_next_one() -> None:
    area = SharedArea()
    area.allot(1, ())
    assert len(area.series()) == 1
    area.allot(2, ())
    assert [metric for metric, _, _ in area.series()] == [1, 2]


def test_what_a_forked_process_writes_is_read_here_also_after_its_death() -> None:
    area = SharedArea()
    pid = os.fork()
    if pid == 0:
        cell = area.allot(5, ("x",))
        if cell is not None:
            area.cells[cell] = 7
        area.beat()
        area.phase = Phase.SERVING
        os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    assert area.series() == [(5, ("x",), 7.0)]
    assert (area.progress, area.phase) == (1, Phase.SERVING)


def test_cells_are_allotted_up_to_the_bound_and_no_further() -> None:
    area = SharedArea()
    allotted = 0
    while area.allot(0, (str(allotted),)) is not None:
        allotted += 1
    assert CELLS - 64 < allotted < CELLS
    assert len(area.series()) == allotted


def test_names_are_kept_up_to_the_bound_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_area, "KEY_BYTES", 64)
    area = SharedArea()
    assert area.allot(0, ("x" * 40,)) is not None
    assert area.allot(0, ("y" * 40,)) is None
    assert [labels for _, labels, _ in area.series()] == [("x" * 40,)]


def test_progress_rises_with_beats_and_with_messages_and_not_with_their_time() -> None:
    area = SharedArea()
    area.beat()
    area.histogram[0] += 2
    area.histogram[-1] += 9.5
    assert area.progress == 3


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1.0, 1e300, 3.0])
def test_numbers_that_a_broken_worker_left_are_read_without_a_fault(number: float) -> None:
    area = SharedArea()
    area.allot(1, ("a",))
    area.cells[1] = area.cells[2] = number
    assert area.series()[:1] in ([], [(1, ("a",), 0.0)])
    assert area.phase in Phase


def test_name_that_cannot_be_read_ends_the_reading() -> None:
    area = SharedArea()
    area.allot(1, ("a",))
    area.allot(2, ("bcdef",))
    second = bytes(area._keys).index(b"bcdef")
    area._keys[second : second + 1] = b"\0"
    assert area.series() == [(1, ("a",), 0.0)]
