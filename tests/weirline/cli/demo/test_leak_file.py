from __future__ import annotations

import json
from pathlib import Path

import pytest

from weirline.cli.demo.leak_file import parse_leaks, read_leaks
from weirline.errors import ConfigurationError

GOOD = {
    "path": "/a?b=1",
    "content_type": "text/csv; charset=utf-8",
    "body": "id\r\n\u00e9",
    "values": ["\u00e9", "id"],
}


def problems_of(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as caught:
        parse_leaks(content, "leaks.jsonl")
    return [(problem.line, problem.field) for problem in caught.value.problems]


def line(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode()


def test_line_becomes_a_leak_with_text_in_utf_8() -> None:
    (leak,) = parse_leaks(line(), "leaks.jsonl")
    assert leak.path == "/a?b=1"
    assert leak.content_type == "text/csv; charset=utf-8"
    assert leak.body == b"id\r\n\xc3\xa9"
    assert leak.values == (b"\xc3\xa9", b"id")
    assert leak.status == 200


def test_empty_lines_are_passed_over_and_line_ends_may_have_a_return() -> None:
    leaks = parse_leaks(b"\n" + line(path="/1") + b"\r\n\n  \n" + line(path="/2"), "leaks.jsonl")
    assert [leak.path for leak in leaks] == ["/1", "/2"]


def test_every_fault_is_named_at_once_with_its_line() -> None:
    content = b"\n".join(
        [
            line(),
            b"{not json",
            line(path="a"),
            line(path="/a b"),
            line(content_type="a\r\nset-cookie: x"),
            line(values=[""]),
            line(more=1),
            line(values="text"),
            b'{"path": "/"}',
            b"\xff",
            b"[]",
            line(path="", content_type=""),
        ]
    )
    assert problems_of(content) == [
        (2, "line"),
        (3, "path"),
        (4, "path"),
        (5, "content_type"),
        (6, "values"),
        (7, "line"),
        (8, "line"),
        (9, "line"),
        (10, "line"),
        (11, "line"),
        (12, "path"),
        (12, "content_type"),
    ]


def test_half_a_character_is_refused_with_its_line() -> None:
    assert problems_of(b'{"path":"/","content_type":"a","body":"\\ud800","values":[]}') == [
        (1, "line")
    ]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_file_without_any_leak_is_refused(content: bytes) -> None:
    assert problems_of(content) == [(0, "file")]


def test_no_message_quotes_the_file() -> None:
    content = b'{"canary-one": "canary-two"}\n{"path": "canary-three"'
    with pytest.raises(ConfigurationError) as caught:
        parse_leaks(content, "leaks.jsonl")
    assert "canary" not in str(caught.value)
    assert "leaks.jsonl:1:1: L01 line" in str(caught.value)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"missing\.jsonl: L01 file: cannot be read: No such"
    ):
        read_leaks(tmp_path / "missing.jsonl")


def test_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "leaks.jsonl"
    file.write_bytes(line())
    assert len(read_leaks(file)) == 1
