from __future__ import annotations

import pytest

from dashboards.panel import Look, Panel, Query


@pytest.mark.parametrize("look", list(Look))
def test_tables_and_bars_ask_for_the_newest_value_and_the_rest_for_a_range(look: Look) -> None:
    panel = Panel("t", "d", (Query("up"), Query("down", "{{x}}")), look=look)
    targets = panel.to_json(3, x=1, y=2)["targets"]
    newest = look in (Look.BARS, Look.TABLE)
    assert [(each["instant"], each["range"]) for each in targets] == [(newest, not newest)] * 2
    assert [each["refId"] for each in targets] == ["A", "B"]
    assert [each["legendFormat"] for each in targets] == ["__auto", "{{x}}"]


def test_number_turns_red_where_it_is_told_to() -> None:
    panel = Panel("t", "d", (Query("up"),), look=Look.NUMBER, warn_above=0.5).to_json(1, x=0, y=0)
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert steps == [{"color": "green", "value": None}, {"color": "red", "value": 0.5}]
