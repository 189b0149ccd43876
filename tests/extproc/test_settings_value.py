from __future__ import annotations

from pathlib import Path
from typing import TypedDict, cast

import pytest
from ruamel.yaml import YAML

from extproc.settings import SETTINGS
from extproc.settings_value import Refusal, read_value, split_address

SETTING = {setting.name: setting for setting in SETTINGS}
CASES = Path(__file__).parents[1] / "cases" / "settings.yaml"


class Row(TypedDict, total=False):
    id: str
    why: str
    setting: str
    given: object
    code: str


ROWS = cast("list[Row]", YAML(typ="safe").load(CASES.read_text(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_value_is_read_or_refused_as_the_table_says(row: Row) -> None:
    value = read_value(SETTING[row["setting"]], row["given"])
    if "code" in row:
        assert isinstance(value, Refusal)
        assert value.code == row["code"]
    else:
        wanted = cast("dict[str, object]", row)["is"]
        assert value == wanted
        assert isinstance(value, type(wanted))


@pytest.mark.parametrize("row", [row for row in ROWS if "code" in row], ids=lambda row: row["id"])
def test_refusal_says_what_is_right_and_repeats_no_value(row: Row) -> None:
    value = read_value(SETTING[row["setting"]], row["given"])
    assert isinstance(value, Refusal)
    assert value.expectation.startswith("must be")
    given = str(row["given"])
    assert len(given) < 3 or given not in value.expectation


def test_address_is_split_at_its_last_colon() -> None:
    assert split_address("[::1]:80") == ("::1", 80)
    assert split_address("localhost:0") == ("localhost", 0)
