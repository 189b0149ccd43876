"""One panel of a Grafana board: what it asks, how it shows the answer, and how large it is.

A panel is data; where it stands is the board's business. Source: Grafana's dashboard JSON model.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "${datasource}"}


class Look(enum.StrEnum):
    """How a panel draws; the values are Grafana's names."""

    LINES = "timeseries"
    NUMBER = "stat"
    BARS = "bargauge"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL expression; `legend` may name labels in double braces."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A question and its answer's look.

    `unit` is a Grafana unit id; `width` (of 24 columns) and `height` are grid cells. `stacked`
    fills lines and piles them up. `warn_above` colours the number red from there on.
    """

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str = "short"
    look: Look = Look.LINES
    width: int = 12
    height: int = 8
    stacked: bool = False
    warn_above: float | None = None

    @property
    def instant(self) -> bool:
        """Whether only the newest value counts."""
        return self.look in (Look.BARS, Look.TABLE)

    def to_json(self, number: int, *, x: int, y: int) -> dict[str, Any]:
        """Return the panel's JSON; `number` is unique on its board."""
        return {
            "id": number,
            "type": self.look.value,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [self._target(place, query) for place, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self._field(), "overrides": []},
            "options": self._options(),
            "transformations": self._transformations(),
        }

    def _target(self, place: int, query: Query) -> dict[str, Any]:
        return {
            "refId": chr(ord("A") + place),
            "datasource": SOURCE,
            "expr": query.expr,
            "legendFormat": query.legend or "__auto",
            "instant": self.instant,
            "range": not self.instant,
            "format": "table" if self.look is Look.TABLE else "time_series",
        }

    def _field(self) -> dict[str, Any]:
        steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
        if self.warn_above is not None:
            steps.append({"color": "red", "value": self.warn_above})
        field: dict[str, Any] = {
            "unit": self.unit,
            "min": 0,
            "thresholds": {"mode": "absolute", "steps": steps},
            "color": {
                "mode": "palette-classic" if self.look is Look.LINES else "thresholds",
            },
        }
        if self.look is Look.LINES:
            field["custom"] = {
                "fillOpacity": 25 if self.stacked else 8,
                "lineWidth": 1,
                "showPoints": "never",
                "stacking": {"mode": "normal" if self.stacked else "none", "group": "A"},
            }
        return field

    def _options(self) -> dict[str, Any]:
        last = {"calcs": ["lastNotNull"], "fields": "", "values": False}
        match self.look:
            case Look.LINES:
                return {
                    "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                    "tooltip": {"mode": "multi", "sort": "desc"},
                }
            case Look.NUMBER:
                return {"reduceOptions": last, "colorMode": "value", "graphMode": "area"}
            case Look.BARS:
                return {
                    "reduceOptions": last,
                    "orientation": "horizontal",
                    "displayMode": "gradient",
                }
            case Look.TABLE:
                return {"showHeader": True}

    def _transformations(self) -> list[dict[str, Any]]:
        if self.look is not Look.TABLE:
            return []
        return [{"id": "organize", "options": {"excludeByName": {"Time": True}}}]
