"""The JSON Schema of detector files, for editors: made from the classes that read them."""

from __future__ import annotations

import json

import msgspec

from weirline.detect.validators import VALIDATORS
from weirline.rulepack.entry import DetectorFile
from weirline.rulepack.parse import CATEGORIES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """Return rules/schema.json: JSON Schema 2020-12, unknown fields refused, names listed."""
    schema = msgspec.json.schema(DetectorFile)
    properties = schema["$defs"]["EntryForm"]["properties"]
    properties["category"] = {"enum": list(CATEGORIES)}
    properties["validator"] = {"enum": [*sorted(VALIDATORS), None], "default": None}
    schema = {"$schema": _DIALECT, "title": "Weirline detector file"} | schema
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
