from __future__ import annotations

import json

import jsonschema
import pytest

from weirline.rulepack.schema import schema_text
from weirline.rulepack.shipped import rules_root, shipped_sources
from weirline.rulepack.yaml_tree import read_yaml

SCHEMA = json.loads(schema_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FILES = {name: text for name, text in shipped_sources().items() if not name.startswith("packs/")}


def test_file_in_the_checkout_is_the_one_that_is_made() -> None:
    assert rules_root().joinpath("schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", FILES)
def test_every_shipped_file_fits_the_schema(name: str) -> None:
    VALIDATOR.validate(read_yaml(FILES[name], name).plain())


@pytest.mark.parametrize(
    ("field", "value"),
    [("category", "other"), ("severity", "bad"), ("confidence", 2), ("patern", "x"), ("width", 0),
     ("validator", "none"), ("examples", []), ("issuer", "http://x"), ("id", "A")],
)  # fmt: skip
def test_schema_refuses_what_the_parser_refuses(field: str, value: object) -> None:
    item = {
        "id": "aa", "title": "x", "category": "secrets", "severity": "low", "pattern": "a",
        "confidence": 1, "issuer": "https://x", "examples": ["a"], "not_examples": ["b"],
    }  # fmt: skip
    VALIDATOR.validate({"detectors": [item]})
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({"detectors": [item | {field: value}]})
