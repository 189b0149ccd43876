from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR, growth
from weirline.body.json_escape import json_view
from weirline.body.percent import percent_view
from weirline.body.segment import Segment

DEEP_ESCAPES = [
    rb"\\u0040",
    rb"\\\\u002b",
    rb"\\\\\\\\u002B",
    rb"\\/",
    rb"\\\/",
    rb"\\\\/",
    rb"\\\\\\\/",
]


def json_text(text: bytes) -> bytes:
    view = json_view(Segment(text))
    assert view is not None
    return view.text


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (rb"a\n4111", b"a\n\n4111"),
        (rb"a\r\n4111", b"a\r\r\n\n4111"),
        (rb"a\t\"b\"", b'a\t\t "b "'),
        (rb"a\b\fc", b"a    c"),
        (rb"a\\n4111", b"a \n\n4111"),
        (rb"a\\\"b", b'a   "b'),
        (rb"a\\\\\\\\\"b", b'a \\ \\ \\   "b'),
        (rb"C:\\dir", b"C: \\dir"),
    ],
)
def test_short_escape_becomes_blank_of_its_own_length(text: bytes, view: bytes) -> None:
    got = json_text(text)
    assert len(got) == len(text)
    assert re.sub(rb"[\\ ]", b"", got) == re.sub(rb"[\\ ]", b"", view)
    assert not re.search(rb"\\[nrtbf\"]", got)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (rb"a\u0040b", b"a@b"),
        (rb"https:\/\/a", b"https://a"),
        (rb"\u00e9\u4e2d\ud83d\ude00\ud83d!", "é中😀".encode() + b"\x80!"),
        (rb"\u005cu0041", b"\\u0041"),
        (rb"\u005cu0041\u0041", b"\\u0041A"),
        (rb"\u12 \u", rb"\u12 \u"),
        (rb"\u003C\/b\u003e\n", b"</b>\n\n"),
    ],
)
def test_long_escape_becomes_its_byte(text: bytes, view: bytes) -> None:
    assert json_text(text) == view


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (rb"a\\u0040b", b"a@b"),
        (rb"a\\\\u002Bb", b"a+b"),
        (rb"https:\\/\\/a", b"https://a"),
        (rb"https:\\\/\\\/a", b"https://a"),
        (rb"a\\\\\\\/b", b"a/b"),
        (rb"a\/b\\/c\\\/d\u002be\\u002bf", b"a/b/c/d+e+f"),
        (rb"\\u00e9\\u4e2d!", "é中!".encode()),
        (rb"a\\u005cnb", b"a nb"),
        (rb"a\\nb\\u0040c", b"a \n\nb@c"),
        (rb"\\u12 \\u", rb" \u12  \u"),
        (b"a" + b"\\" * 16 + b"u0040b", b"a@b"),
        (rb"a\\/" + b"\\" * 17 + b"/b", b"a/" + b" \\" * 8 + b"/b"),
    ],
)
def test_escape_of_an_escape_becomes_one_byte_with_all_its_backslashes(
    text: bytes, view: bytes
) -> None:
    assert json_text(text) == view


@pytest.mark.parametrize("escape", DEEP_ESCAPES)
def test_escape_of_an_escape_maps_to_its_whole_span(escape: bytes) -> None:
    wire = b"x" + escape + b"<a" + escape + rb"b\u0040>\n" + escape
    view = json_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"<a")
    start, end = view.to_wire(at + 1, at + 4)
    assert wire[start:end] == b"a" + escape + b"b"
    assert view.to_wire(at + 2, at + 3) == (
        wire.index(b"<") + 2,
        wire.index(b"<") + 2 + len(escape),
    )
    assert view.to_wire(0, len(view.text)) == (0, len(wire))


def test_text_without_backslash_has_no_view() -> None:
    assert json_view(Segment(b"100% + x=1")) is None


WORDS = st.text(alphabet='ab1 "\\/\n\té中\x7f&%+=', max_size=30)


@given(WORDS, st.sampled_from(["4111", "k@x.de"]), WORDS)
def test_value_in_a_json_string_maps_to_where_it_stands(
    before: str, value: str, after: str
) -> None:
    """Whatever the encoder escapes around it; twice encoded as well."""
    for times in (1, 2):
        text = before + "<" + value + ">" + after
        for _ in range(times):
            text = json.dumps(text)
        wire = text.encode()
        view = json_view(Segment(wire))
        if view is not None:
            at = view.text.find(b"<" + value.encode() + b">") + 1
            assert at > 0
            start, end = view.to_wire(at, at + len(value))
            assert wire[start:end] == value.encode()


def test_views_of_views_lead_back_to_the_wire() -> None:
    wire = b"q=" + quote(r'{"a":"\nx' + r'\u0040y.de"}').encode()
    decoded = percent_view(Segment(wire))
    assert decoded is not None
    inner = json_view(decoded)
    assert inner is not None
    at = inner.text.find(b"x@y.de")
    start, end = inner.to_wire(at, at + 6)
    assert wire[start:end] == b"x%5Cu0040y.de"


@pytest.mark.slow
def test_body_of_nothing_but_escapes_costs_time_in_proportion() -> None:
    """Every byte a part of an escape, all of them different: the dearest text there is."""
    once, twice = (
        b"".join(rb"\u%04x" % (number % 0xD000) for number in range(size))
        for size in (50_000, 100_000)
    )

    def undo(text: bytes) -> None:
        json_view(Segment(text))
        json_view(Segment(text.replace(b"\\", b"\\\\")))

    assert growth(undo, once, twice) < LINEAR


@pytest.mark.slow
def test_run_of_nothing_but_backslashes_costs_time_in_proportion() -> None:
    once, twice = (rb"\\/" + b"\\" * size + b"/" for size in (1_000_000, 2_000_000))
    assert growth(lambda text: json_view(Segment(text)), once, twice) < LINEAR
