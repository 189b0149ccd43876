from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from weirline.cli.scan.form import CsvForm, Form, JsonForm, NdjsonForm, TextForm, Totals
from weirline.cli.scan.found import Found
from weirline.detect.finding import Finding

FIRST = Found("a,b.txt", "", 2, 9, 14, 5, Finding("some_kind", "secrets", 4, 9, 0.91234))
SECOND = Found("x.har", "entries[0] GET /*", 1, 1, 0, 3, Finding("email", "contact", 0, 3, 0.5))
TOTALS = Totals(
    files=2, bytes=99, findings=2, kinds=Counter(some_kind=1, email=1), incomplete=["c"]
)
OBJECTS = [
    {
        "file": "a,b.txt",
        "line": 2,
        "column": 9,
        "offset": 14,
        "length": 5,
        "type": "some_kind",
        "category": "secrets",
        "confidence": 0.9123,
    },
    {
        "file": "x.har",
        "line": 1,
        "column": 1,
        "offset": 0,
        "length": 3,
        "type": "email",
        "category": "contact",
        "confidence": 0.5,
        "part": "entries[0] GET /*",
    },
]


def written(form: Form, *found: Found) -> str:
    return form.begin() + "".join(form.found(each) for each in found) + form.end(TOTALS)


def test_text_tells_place_kind_length_and_the_counts() -> None:
    assert written(TextForm(), FIRST, SECOND).splitlines() == [
        "a,b.txt:2:9: some_kind secrets, 5 bytes, 0.91",
        "x.har entries[0] GET /*:1:1: email contact, 3 bytes, 0.50",
        "       1  email",
        "       1  some_kind",
        "       2  in all, 2 files",
    ]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_json_is_one_document_for_any_number_of_findings(count: int) -> None:
    document = json.loads(written(JsonForm(), *(FIRST, SECOND)[:count]))
    assert document["findings"] == OBJECTS[:count]
    assert document["totals"] == {
        "files": 2,
        "bytes": 99,
        "findings": 2,
        "kinds": {"some_kind": 1, "email": 1},
        "incomplete": ["c"],
    }


def test_json_lines_are_one_object_a_finding_and_nothing_else() -> None:
    lines = written(NdjsonForm(), FIRST, SECOND).splitlines()
    assert [json.loads(line) for line in lines] == OBJECTS


def test_csv_has_a_heading_and_quotes_what_holds_a_comma() -> None:
    rows = list(csv.DictReader(io.StringIO(written(CsvForm(), FIRST, SECOND))))
    wanted = [{key: str(value) for key, value in {"part": "", **each}.items()} for each in OBJECTS]
    assert rows == wanted
