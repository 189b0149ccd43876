from __future__ import annotations

import json
import re

import pytest

from weirline.cli.scan.batch import hits, scan_lines
from weirline.detect.finding import Finding
from weirline.errors import Problem


def find_hash(text: bytes) -> list[Finding]:
    """Find `#` and two digits."""
    return [
        Finding("hash_id", "identity", found.start(), found.end(), 0.12345)
        for found in re.finditer(rb"#\d\d", text)
    ]


def answers(*lines: bytes) -> tuple[list[dict[str, object]], list[Problem]]:
    refused: list[Problem] = []
    out = list(scan_lines(lines, find_hash, file="set.jsonl", refuse=refused.append))
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in out)
    return [json.loads(line) for line in out], refused


def one_span(text: str) -> tuple[object, object]:
    (answer,), refused = answers(json.dumps({"id": 1, "text": text}).encode())
    assert not refused
    (hit,) = json.loads(json.dumps(answer))["findings"]
    assert hit["type"] == "hash_id"
    return hit["start"], hit["end"]


def test_answers_come_in_order_with_the_ids_as_they_were_written() -> None:
    out, refused = answers(
        b'{"id":"a","text":"no"}\n',
        b'{"id":{"n":[1,2.0]},"text":"#12","label":"left aside"}\n',
        b"\n",
        b'{"text":"","id":null}',
    )
    assert out == [
        {"id": "a", "findings": []},
        {
            "id": {"n": [1, 2.0]},
            "findings": [{"type": "hash_id", "start": 0, "end": 3, "score": 0.1235}],
        },
        {"id": None, "findings": []},
    ]
    assert not refused


@pytest.mark.parametrize(
    "before",
    ["", "abc ", "\u00e9", "\u20ac ", "\U0001f600", "\U0001f600\u00e9x", "\ud800", "\ud83d \udc4d"],
)
def test_offsets_count_code_points_whatever_stands_before(before: str) -> None:
    assert one_span(f"{before}#12 \U0001f600") == (len(before), len(before) + 3)


def test_offsets_of_several_findings_go_on_from_one_another() -> None:
    text = "\U0001f600#12\u00e9\u00e9#34\ud800#56"
    found = list(hits(encoded := text.encode("utf-8", "surrogatepass"), find_hash(encoded)))
    assert [text[hit.start : hit.end] for hit in found] == ["#12", "#34", "#56"]


def test_span_that_cuts_a_character_takes_it_whole() -> None:
    text = "a\U0001f600b".encode()
    (hit,) = hits(text, [Finding("kind", "identity", 2, 4, 0.5)])
    assert (hit.start, hit.end) == (1, 2)
    (hit,) = hits(text, [Finding("kind", "identity", 0, 2, 0.5)])
    assert (hit.start, hit.end) == (0, 2)


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b'{"id":1}', b'{"text":"x"}', b'{"id":1,"text":7}', b'{"id":1,"text":"\xff"}'],
)
def test_line_that_cannot_be_read_is_told_and_the_others_are_answered(line: bytes) -> None:
    out, refused = answers(b'{"id":1,"text":"#12"}', line, b'{"id":3,"text":""}')
    assert [answer["id"] for answer in out] == [1, 3]
    (problem,) = refused
    assert str(problem).startswith("set.jsonl:2:1: L04 line: cannot be read; expected one JSON")


def test_set_that_begins_with_a_byte_order_mark_is_read() -> None:
    out, refused = answers(b'\xef\xbb\xbf{"id":1,"text":"#12"}\n')
    assert (len(out), refused) == (1, [])
