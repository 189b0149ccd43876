from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR, growth
from weirline.body.entity import entity_view
from weirline.body.segment import Patch, Segment


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (b"a&#64;b&#x2E;c&#X2e;d", b"a@b.c.d"),
        (b"a&commat;b&period;c", b"a@b.c"),
        (b"&lt;a@b.c&gt;&amp;#64;", b"<a@b.c>&#64;"),
        (b"4&#49;11&#49 1&#x31 1", b"41111 11 1"),
        (b"&nbsp;&eacute;", b"\xc2\xa0\xc3\xa9"),
        (b"&#0052;&#x00034;", b"44"),
        (b"&nosuchname; &#64;", b"&nosuchname; @"),
    ],
)
def test_character_references_are_undone_once(text: bytes, view: bytes) -> None:
    got = entity_view(Segment(text))
    assert got is not None
    assert got.text == view


@pytest.mark.parametrize("text", [b"a=1&b=2&c=3", b"a & b", b"AT&T", b"&;", b"&#;", b"plain"])
def test_text_without_references_has_no_view(text: bytes) -> None:
    assert entity_view(Segment(text)) is None


@pytest.mark.parametrize(
    ("text", "patch", "lifted"),
    [
        (b"a&#x34;b", Patch(1, b"*"), Patch(1, b"******")),
        (b"a&#x34;b", Patch(0, b"x9y"), Patch(0, b"x&#057;y")),
        (b"a&#9;b", Patch(1, b"Q"), None),
        (b"a&commat;b", Patch(1, b"Q"), Patch(1, b"&#00081;")),
        (b"a&#52 b", Patch(1, b"9"), None),
    ],
)
def test_what_takes_the_place_of_a_reference_is_as_long(
    text: bytes, patch: Patch, lifted: Patch | None
) -> None:
    view = entity_view(Segment(text))
    assert view is not None
    assert view.lift(patch) == lifted


@given(st.text(alphabet="a1&#;x@<> é", max_size=20), st.text(alphabet="a1&#;x@<> é", max_size=20))
def test_value_between_references_maps_to_where_it_stands(before: str, after: str) -> None:
    wire = f"{html.escape(before)} &lt;4111&gt; {html.escape(after)}".encode()
    view = entity_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"<4111>")
    low, high = view.to_wire(at, at + 6)
    assert wire[low:high] == b"&lt;4111&gt;"


@pytest.mark.slow
def test_body_of_nothing_but_references_costs_time_in_proportion() -> None:
    def undo(text: bytes) -> None:
        view = entity_view(Segment(text))
        assert view is not None
        view.to_wire(5, 6)

    once, twice = (
        b"".join(b"&#%d;" % (number % 5_000) for number in range(size)) for size in (8_000, 16_000)
    )
    assert growth(undo, once, twice) < LINEAR
