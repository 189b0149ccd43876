from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR, growth
from weirline.body.percent import percent_view
from weirline.body.segment import Segment


def test_text_without_percent_escapes_has_no_view() -> None:
    assert percent_view(Segment(b"100% + x=1")) is None
    assert percent_view(Segment(b'{"at":"12:00+01:00"}')) is None


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (b"a=x%40y", b"a=x@y"),
        (b"a%2541", b"a%41"),
        (b"a%2541%41", b"a%41A"),
        (b"a=4111+1111&b=%C3%A9", "a=4111 1111&b=é".encode()),
        (b"a=4111+1111", b"a=4111 1111"),
        (b"a=%u0041%u00e9", "a=Aé".encode()),
        (b"100% %zz %4", None),
    ],
)
def test_percent_escape_is_undone_once(text: bytes, view: bytes | None) -> None:
    got = percent_view(Segment(text))
    assert (got and got.text) == view


WORDS = st.text(alphabet='ab1 "\\/\n\té中\x7f&%+=', max_size=30)


@given(WORDS, WORDS)
def test_value_in_a_query_maps_to_where_it_stands(before: str, after: str) -> None:
    wire = f"a={quote(before)}%3C{'x@y'.replace('@', '%40')}%3E{quote(after)}".encode()
    view = percent_view(Segment(wire))
    assert view is not None
    at = view.text.find(b"<x@y>") + 1
    start, end = view.to_wire(at, at + 3)
    assert wire[start:end] == b"x%40y"


@pytest.mark.slow
def test_body_of_nothing_but_escapes_costs_time_in_proportion() -> None:
    once, twice = (
        b"".join(b"%%%02x" % (number % 256) for number in range(size))
        for size in (100_000, 200_000)
    )
    assert growth(lambda text: percent_view(Segment(text)), once, twice) < LINEAR
