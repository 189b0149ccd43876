"""The JSON Schema of a policy file, for editors and CI, made from the policy's classes.

It says what the shape check says, no more: names that must exist and selectors that can never match
need `weirline policy check`. Draft 2020-12; unknown fields are refused.
"""

from __future__ import annotations

import inspect
import json

import msgspec

from weirline.policy.action import Change, RedactAction
from weirline.policy.policy import Policy

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Weirline policy, weirline/v1"
_NULL: Json = {"type": "null"}


def policy_schema() -> dict[str, Json]:
    """Return the schema as plain values; the same for the same version of this program."""
    # By way of JSON, so that defaults are lists as a file has them, and no tuples.
    made = _tidy(json.loads(json.dumps(msgspec.json.schema(Policy))))
    if not isinstance(made, dict):
        raise TypeError("a schema is an object")
    definitions = made["$defs"]
    for one_of in (Change, RedactAction):
        if isinstance(definitions, dict) and isinstance(
            change := definitions[one_of.__name__], dict
        ):
            change["minProperties"] = change["maxProperties"] = 1
    return {"$schema": DIALECT, "title": TITLE, **made}


def policy_schema_text() -> str:
    """Return the schema as the text of docs/reference/policy.schema.json."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(made: Json) -> Json:
    """Leave out null, which a file never holds, and the indentation of docstrings."""
    if isinstance(made, list):
        return [_tidy(one) for one in made]
    if not isinstance(made, dict):
        return made
    tidy = {name: _tidy(value) for name, value in made.items()}
    description = tidy.get("description")
    if isinstance(description, str):
        tidy["description"] = inspect.cleandoc(description)
    if tidy.get("default", "") is None:
        del tidy["default"]
    choices = tidy.get("anyOf")
    if isinstance(choices, list) and _NULL in choices:
        kept = [one for one in choices if one != _NULL]
        del tidy["anyOf"]
        if len(kept) == 1 and isinstance(kept[0], dict):
            return {**kept[0], **tidy}
        tidy["anyOf"] = kept
    return tidy
