from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest

from loadtest.clean_body import clean_body
from weirline.body.content import ContentHint
from weirline.body.reading import MOST_STEPS, Reader, Unread, follow, to_be_followed
from weirline.detect.finding import Step, Written

READER = Reader()
VALUE = b"x <4111> y"
JSON, PERCENT, ENTITY, SOFT, QUOTED, BASE64, PARTS = (
    Step(written) for written in Written if written is not Written.CHARSET
)


def ways(text: bytes) -> list[tuple[str, ...]]:
    views, _ = READER.readings(text)
    return [tuple(step.written for step in view.way) for view in views]


@pytest.mark.parametrize("size", [64, 1024, 200 << 10])
def test_clean_body_has_no_readings(size: int) -> None:
    assert READER.readings(clean_body(size)) == ([], frozenset())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb"\n", [("json",)]),
        (b"%40", [("percent",)]),
        (b"%2540", [("percent",), ("percent", "percent")]),
        (rb"\u0026#64;", [("json",), ("json", "entity")]),
        (b"&amp;#64;", [("entity",), ("entity", "entity")]),
        (b"%5Cu0040", [("percent",), ("percent", "json")]),
        ("4111\u00a01111".encode(), [("soft",)]),
        (rb"4111\u00a01111", [("json",), ("json", "soft")]),
        (b"4111&nbsp;1111", [("entity",), ("entity", "soft")]),
    ],
)
def test_kinds_are_combined_where_one_writes_the_signs_of_the_other(
    text: bytes, expected: list[tuple[str, ...]]
) -> None:
    assert ways(text) == expected


def test_two_kinds_side_by_side_are_not_combined() -> None:
    assert ways(rb"\u0040 %40") == [("json",), ("percent",), ("percent", "json")]


def test_two_ways_to_one_reading_are_one() -> None:
    text = base64.b64encode(b"some text in it, long enough to be seen as such by anyone")
    assert ways(text) == [("base64",)]


def test_charset_comes_first_and_everything_may_follow() -> None:
    text = json.dumps({"a": "é" + quote("<4111>")}).encode("utf-16-le")
    assert ("charset", "json") in ways(text)
    assert ("charset", "percent") in ways(text)


@pytest.mark.parametrize(
    ("charset", "unread"),
    [
        ("utf-7", {Unread.CHARSET}),
        ("x-own", {Unread.CHARSET}),
        ("utf-8", set()),
        ("cp500", set()),
    ],
)
def test_charset_that_is_not_known_is_told(charset: str, unread: set[Unread]) -> None:
    assert READER.readings(b"abc", ContentHint("text/plain", charset)).unread == unread


def nested(text: str, depth: int) -> bytes:
    for _ in range(depth):
        text = base64.b64encode(text.encode()).decode()
    return text.encode()


def test_escapes_deeper_than_is_followed_are_told() -> None:
    text = "a text that is long enough"
    assert READER.readings(nested(text, MOST_STEPS)).unread == frozenset()
    assert READER.readings(nested(text, MOST_STEPS + 1)).unread == {Unread.DEPTH}


def test_percent_signs_without_end_are_told() -> None:
    assert READER.readings(b"%25" * 20 + b"25" * 20).unread <= {Unread.DEPTH}
    assert READER.readings(b"%" + b"25" * 20 + b"41").unread == {Unread.DEPTH}


def test_more_readings_than_are_made_are_told() -> None:
    text = b"\\n &amp;amp;lt; %2525253C =\r\n " + "\uff14\u00a01 ".encode()
    bomb = quote(html.escape(html.escape(text.decode()))).encode() * 40_000
    views, unread = READER.readings(bomb + text)
    assert sum(len(view.text) for view in views) <= 8 * (len(bomb) + len(text)) + (1 << 20)
    assert unread <= {Unread.DEPTH, Unread.VIEWS}


@pytest.mark.parametrize(
    ("way", "followed"),
    [
        ((), ()),
        ((JSON,), ()),
        ((PERCENT, JSON, SOFT), ()),
        ((BASE64,), (BASE64,)),
        ((PERCENT, BASE64, JSON, SOFT), (PERCENT, BASE64)),
        ((Step(Written.CHARSET, "utf-16-le"), ENTITY), (Step(Written.CHARSET, "utf-16-le"),)),
        ((PARTS, QUOTED, PERCENT), (PARTS, QUOTED)),
    ],
)
def test_way_is_followed_up_to_where_bytes_can_be_masked(
    way: tuple[Step, ...], followed: tuple[Step, ...]
) -> None:
    assert to_be_followed(way) == followed


@pytest.mark.parametrize(
    "text",
    [
        quote(base64.b64encode(b"some text in it, long enough to be seen")).encode(),
        json.dumps({"a": "é<x>&amp;"}).encode("utf-16"),
        b"x" * 40 + b"=\r\nx=40y %41",
        "\uff14\u00a01 \\n".encode(),
    ],
)
def test_way_leads_to_the_same_reading_again(text: bytes) -> None:
    views, _ = READER.readings(text)
    assert views
    for view in views:
        again = follow(text, view.way)
        assert again is not None
        assert again.text == view.text


def test_way_that_a_text_does_not_have_leads_nowhere() -> None:
    assert follow(b"plain", (BASE64, JSON)) is None
    assert follow(b"plain", (PARTS,)) is None


@pytest.mark.parametrize("end", ["\u00a0", "\u200b", "\uff14", "&#52;", "\\u0034", "%34"])
def test_stream_is_read_to_its_end(end: str) -> None:
    assert READER.stream_views(f"4111{end}".encode())
