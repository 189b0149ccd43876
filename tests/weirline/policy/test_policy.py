from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from weirline.policy.category import BUILTIN_CATEGORIES
from weirline.policy.not_yet import NOT_YET, NOT_YET_ACTIONS
from weirline.policy.schema import policy_schema_text

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "policy.md").read_text(encoding="utf-8")
CODED = set(re.findall(r"[\w*./-]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
DEFINITIONS = json.loads(policy_schema_text())["$defs"]


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_reference_page_names_every_field_and_every_choice(name: str) -> None:
    definition = DEFINITIONS[name]
    assert set(definition.get("properties", ())) | set(definition.get("enum", ())) <= CODED


def test_reference_page_names_everything_that_is_not_available_yet() -> None:
    last = PAGE.split("## Not in this version")[1]
    fields = {field for fields in NOT_YET.values() for field in fields} | set(NOT_YET_ACTIONS)
    assert fields <= set(re.findall(r"\w+", last))


def test_reference_page_names_the_built_in_categories_and_bounds() -> None:
    assert set(BUILTIN_CATEGORIES) <= CODED
    for bound in ("0 to 6", "0 to 4", "400 to 599", "16 KiB", "1 to 1000000"):
        assert bound in PAGE


def test_field_that_is_available_is_not_also_said_to_be_missing() -> None:
    for name, missing in NOT_YET.items():
        assert not set(missing) & set(DEFINITIONS[name]["properties"])
