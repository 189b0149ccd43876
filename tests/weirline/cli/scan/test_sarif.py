from __future__ import annotations

import json
from collections import Counter

import jsonschema
import pytest

from weirline.cli.scan.form import Totals
from weirline.cli.scan.found import Found
from weirline.cli.scan.sarif import SarifForm
from weirline.detect.finding import Finding
from weirline.rulepack.shipped import shipped_detectors

# What SARIF 2.1.0 demands of the parts written here (sections 3.13, 3.14, 3.19, 3.27, 3.30).
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
COUNT = {"type": "integer", "minimum": 1}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "helpUri": {"type": "string", "format": "uri"},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "properties": {
        "message": TEXT,
        "level": LEVEL,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "locations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "required": ["uri"],
                                "properties": {"uri": {"type": "string", "pattern": r"^[!-~]*$"}},
                            },
                            "region": {
                                "type": "object",
                                "properties": {
                                    "startLine": COUNT,
                                    "startColumn": COUNT,
                                    "byteOffset": {"type": "integer", "minimum": 0},
                                    "byteLength": {"type": "integer", "minimum": 0},
                                },
                            },
                        },
                    }
                },
            },
        },
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {"rules": {"type": "array", "items": RULE}},
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                    "invocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["executionSuccessful"]},
                    },
                },
            },
        },
    },
}
DETECTORS = shipped_detectors()
FOUND = (
    Found("a b/\u00e9.txt", "", 3, 7, 40, 12, Finding("email", "contact", 40, 52, 0.9)),
    Found("x.har", "entries[0] GET /*", 1, 1, 0, 9, Finding("us_ssn", "identity", 0, 9, 0.8)),
)


def written(*found: Found, incomplete: tuple[str, ...] = ()) -> dict[str, list[dict[str, object]]]:
    form = SarifForm(DETECTORS)
    totals = Totals(kinds=Counter(), incomplete=list(incomplete))
    text = form.begin() + "".join(form.found(each) for each in found) + form.end(totals)
    log = json.loads(text)
    jsonschema.validate(log, LOG)
    assert isinstance(log, dict)
    return log


@pytest.mark.parametrize("count", [0, 1, 2])
def test_log_has_what_the_standard_demands(count: int) -> None:
    (run,) = written(*FOUND[:count])["runs"]
    assert isinstance(run["results"], list)
    assert len(run["results"]) == count


def test_result_points_to_its_rule_and_its_place() -> None:
    text = json.dumps(written(*FOUND))
    run = json.loads(text)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    first, second = run["results"]
    assert [rules[each["ruleIndex"]]["id"] for each in (first, second)] == ["email", "us_ssn"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b/%C3%A9.txt"},
        "region": {"startLine": 3, "startColumn": 7, "byteOffset": 40, "byteLength": 12},
    }
    (location,) = second["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "entries[0] GET /*"}]


def test_run_that_left_something_out_was_no_success() -> None:
    (run,) = written(incomplete=("b.txt",))["runs"]
    (told,) = json.loads(json.dumps(run["invocations"]))
    assert not told["executionSuccessful"]
    assert "b.txt" in told["toolExecutionNotifications"][0]["message"]["text"]
