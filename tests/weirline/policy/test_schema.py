from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.weirline.policy.test_parse import ALL_ROWS, Row
from weirline.policy.observe_only import OBSERVE_ONLY
from weirline.policy.schema import policy_schema, policy_schema_text

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(policy_schema())

# A schema sees no faults of the text itself, nor names that must be unique.
NOT_SEEN = (
    *("duplicate_", "not_yaml", "alias", "unknown_alias", "tag", "two_documents", "unprint"),
    *("merge_key", "key_is_a_list", "empty_file", "lone_surrogate"),
    "name_that_ends",  # in the regular expressions of Python, but not of JSON Schema, $ allows it
)


def plain(text: str) -> object:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


def test_schema_of_the_docs_is_the_one_of_the_code() -> None:
    path = ROOT / "docs" / "reference" / "policy.schema.json"
    assert path.read_text(encoding="utf-8") == policy_schema_text(), (
        "run: weirline policy schema > docs/reference/policy.schema.json"
    )


def test_schema_is_itself_valid_and_refuses_unknown_fields_everywhere() -> None:
    jsonschema.Draft202012Validator.check_schema(policy_schema())
    definitions = json.loads(policy_schema_text())["$defs"]
    objects = [one for one in definitions.values() if one.get("type") == "object"]
    assert objects
    assert all(one["additionalProperties"] is False for one in objects)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_schema_accepts_every_example(path: Path) -> None:
    VALIDATOR.validate(plain(path.read_text(encoding="utf-8")))


def test_schema_accepts_the_built_in_policy() -> None:
    VALIDATOR.validate(plain(OBSERVE_ONLY))


SHAPE_ROWS = [
    row for code, row in ALL_ROWS if code in ("E01", "E06") and not row.id.startswith(NOT_SEEN)
]


@pytest.mark.parametrize("row", SHAPE_ROWS, ids=lambda row: row.id)
def test_schema_refuses_what_the_shape_check_refuses(row: Row) -> None:
    assert not VALIDATOR.is_valid(plain(row.policy))
