from __future__ import annotations

import json

from dashboards.board import Board, Row, gain, now, rate, share, variables
from dashboards.panel import Panel, Query

PANEL = Panel("one", "what it is", (Query("up"),), width=10, height=5)


def test_panels_stand_beside_each_other_until_the_row_is_full() -> None:
    board = Board("u", "t", "d", (Row("first", (PANEL, PANEL, PANEL)), Row("second", (PANEL,))))
    grids = [panel["gridPos"] for panel in json.loads(board.to_json())["panels"]]
    assert [(each["x"], each["y"]) for each in grids] == [
        *((0, 0), (0, 1), (10, 1), (0, 6)),
        *((0, 11), (0, 12)),
    ]


def test_expressions_are_narrowed_by_the_variables_and_by_what_is_asked() -> None:
    here = 'cluster=~"$cluster",namespace=~"$namespace",service=~"$service"'
    assert rate("m", by="a, b", only='c="d"') == (
        f'sum by (a, b) (rate(m{{{here},c="d"}}[$__rate_interval]))'
    )
    assert gain("m") == f"sum(increase(m{{{here}}}[$__range]))"
    assert now("m") == f"sum(m{{{here}}})"
    assert share("a", "b") == "(a or vector(0)) / (b > 0)"


def test_quantile_is_offered_only_where_it_is_wanted() -> None:
    names = [each["name"] for each in variables(quantile=False)]
    assert names == ["datasource", "cluster", "namespace", "service"]
    assert [each["name"] for each in variables(quantile=True)] == [*names, "quantile"]
