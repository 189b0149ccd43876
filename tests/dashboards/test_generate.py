"""The boards as files: equal to what the code makes, whole, and about metrics that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.board import COLUMNS
from dashboards.generate import ALERTS_NAME, BOARDS, FOLDER, texts
from extproc.metrics import METRICS

PROCESS = {
    "weirline_process_resident_memory_bytes",
    "weirline_process_cpu_seconds_total",
    "weirline_process_start_time_seconds",
    "weirline_process_open_fds",
}
UNITS = {
    *("short", "reqps", "cps", "mps", "percentunit", "s", "bytes", "Bps"),
}
_METRIC = re.compile(r"\b(weirline_[a-z_]+)(?:_bucket)?\b(?!\$)")
_BY = re.compile(r"\bby \(([a-z_, ]+)\)")
SCRAPED = {"cluster", "namespace", "service", "instance", "le"}


def boards() -> list[dict[str, Any]]:
    return [json.loads(text) for name, text in texts().items() if name.endswith(".json")]


def panels(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (panel for panel in board["panels"] if panel["type"] != "row")


def test_committed_files_are_what_the_code_makes() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed == dict(texts()), "run python -m dashboards.generate"


def test_boards_have_fixed_names_of_their_own() -> None:
    assert len({board.uid for board in BOARDS}) == len(BOARDS) == 4
    assert ALERTS_NAME in texts()


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_board_is_bound_to_no_installation_and_every_panel_is_explained(
    board: dict[str, Any],
) -> None:
    assert not re.findall(r'"uid": "(?!\$\{datasource\}|weirline-)[^"]*"', json.dumps(board))
    for panel in panels(board):
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
        assert panel["targets"]
        for target in panel["targets"]:
            assert "$cluster" in target["expr"]


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_no_two_panels_lie_over_each_other(board: dict[str, Any]) -> None:
    cells: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= COLUMNS
        own = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & own
        cells |= own
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", sorted(texts()))
def test_every_metric_and_label_that_is_asked_for_exists(name: str) -> None:
    text = texts()[name]
    by_name = {metric.name: set(metric.labels) for metric in METRICS}
    asked = set(_METRIC.findall(re.sub(r"envoy_\w+", "", text)))
    assert asked
    histograms = {each.removesuffix("_bucket") for each in asked}
    assert {each for each in histograms if each not in by_name} <= PROCESS
    known = SCRAPED.union(*by_name.values())
    labels = {label.strip() for group in _BY.findall(text) for label in group.split(",")}
    assert labels <= known, labels - known


def test_counter_is_never_shown_raw() -> None:
    for board in boards():
        for panel in panels(board):
            for target in panel["targets"]:
                for found in re.finditer(r"(\w+)\((?:weirline|envoy)_\w+_total", target["expr"]):
                    assert found[1] in ("rate", "increase")


def test_renamed_metric_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = [metric for metric in METRICS if metric.name != "weirline_flows_total"]
    monkeypatch.setattr("tests.dashboards.test_generate.METRICS", tuple(renamed))
    with pytest.raises(AssertionError):
        test_every_metric_and_label_that_is_asked_for_exists("weirline-overview.json")
