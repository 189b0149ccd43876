"""A Grafana board: rows of panels on the 24-column grid, and the variables all boards share.

Nothing is bound to one installation: the data source is a variable, and cluster, namespace and
service come from the labels that the scrape adds. Where it adds none, «All» matches what has none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.panel import SOURCE, Panel

COLUMNS = 24
SCHEMA_VERSION = 39
# What every query is narrowed to; the variables are below.
HERE = 'cluster=~"$cluster",namespace=~"$namespace",service=~"$service"'
EVERY_SERIES = "weirline_build_info"


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading, placed left to right."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One board. `uid` is fixed, so that links keep; `quantile` offers a choice of percentile."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    quantile: bool = False

    def to_json(self) -> str:
        """Return the board as the JSON text that Grafana imports."""
        board: dict[str, Any] = {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": ["weirline"],
            "schemaVersion": SCHEMA_VERSION,
            "editable": True,
            "refresh": "30s",
            "time": {"from": "now-1h", "to": "now"},
            "timezone": "browser",
            "graphTooltip": 1,
            "templating": {"list": variables(quantile=self.quantile)},
            "annotations": {"list": []},
            "links": [_link()],
            "panels": list(_placed(self.rows)),
        }
        return json.dumps(board, indent=2, ensure_ascii=False) + "\n"


def rate(metric: str, *, by: str = "", only: str = "") -> str:
    """Return the rate of a counter here, summed by the labels in `by`."""
    return summed(f"rate({metric}{{{_matchers(only)}}}[$__rate_interval])", by)


def gain(metric: str, *, by: str = "", only: str = "") -> str:
    """Return what a counter gained in the time shown, summed by the labels in `by`."""
    return summed(f"increase({metric}{{{_matchers(only)}}}[$__range])", by)


def now(metric: str, *, by: str = "", only: str = "") -> str:
    """Return a gauge summed by the labels in `by`."""
    return summed(f"{metric}{{{_matchers(only)}}}", by)


def summed(expr: str, by: str) -> str:
    """Return `expr` summed by the labels in `by`, parted by commas."""
    return f"sum by ({by}) ({expr})" if by else f"sum({expr})"


def share(part: str, whole: str) -> str:
    """Return a ratio that is 0, not absent, where nothing of the part was ever counted."""
    return f"({part} or vector(0)) / ({whole} > 0)"


def variables(*, quantile: bool) -> list[dict[str, Any]]:
    """Return the variables of a board in order; each narrows those after it."""
    found: list[dict[str, Any]] = [
        {
            "name": "datasource",
            "type": "datasource",
            "label": "Data source",
            "query": "prometheus",
            "hide": 0,
        },
        _label("cluster", "Cluster", ""),
        _label("namespace", "Namespace", 'cluster=~"$cluster"'),
        _label("service", "Service", 'cluster=~"$cluster",namespace=~"$namespace"'),
    ]
    if quantile:
        found.append(
            {
                "name": "quantile",
                "type": "custom",
                "label": "Quantile",
                "query": "0.5,0.9,0.99,0.999",
                "current": {"text": "0.99", "value": "0.99"},
                "hide": 0,
            }
        )
    return found


def _label(name: str, title: str, narrowed: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "query",
        "label": title,
        "datasource": SOURCE,
        "query": f"label_values({EVERY_SERIES}{{{narrowed}}}, {name})",
        "includeAll": True,
        "allValue": ".*",
        "multi": True,
        "current": {"text": "All", "value": "$__all"},
        "refresh": 2,
        "sort": 1,
        "hide": 0,
    }


def _link() -> dict[str, Any]:
    return {
        "title": "Weirline",
        "type": "dashboards",
        "tags": ["weirline"],
        "asDropdown": True,
        "includeVars": True,
        "keepTime": True,
    }


def _matchers(only: str) -> str:
    return f"{HERE},{only}" if only else HERE


def _placed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the JSON of all panels, each row under a heading of one cell's height."""
    placed: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        grid = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
        placed.append(
            {
                "id": len(placed) + 1,
                "type": "row",
                "title": row.title,
                "collapsed": False,
                "gridPos": grid,
                "panels": [],
            }
        )
        x, y, tallest = 0, y + 1, 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                x, y, tallest = 0, y + tallest, 0
            placed.append(panel.to_json(len(placed) + 1, x=x, y=y))
            x += panel.width
            tallest = max(tallest, panel.height)
        y += tallest
    return placed
