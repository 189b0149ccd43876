from __future__ import annotations

import pytest

from weirline.body.segment import Edit, Patch, Segment
from weirline.detect.finding import Step, Written

STEP = Step(Written.SOFT)
# `ab<<X>>c~~d`: two brackets became one byte each, the tildes nothing.
WIRE = b"ab<<X>>c~~d"
EDITS = (Edit(2, 1, 2, 2), Edit(4, 1, 5, 2), Edit(6, 0, 8, 2))


def view(text: bytes = b"ab<X>cd") -> Segment:
    return Segment(text, source=Segment(WIRE), step=STEP, edits=lambda: EDITS)


@pytest.mark.parametrize(
    ("start", "end", "wire"),
    [
        (0, 2, b"ab"),
        (0, 3, b"ab<<"),
        (2, 5, b"<<X>>"),
        (3, 4, b"X"),
        (5, 6, b"c"),
        (5, 7, b"c~~d"),
        (6, 7, b"d"),
        (0, 7, WIRE),
    ],
)
def test_span_leads_back_to_whole_escapes_and_to_no_more(start: int, end: int, wire: bytes) -> None:
    low, high = view().to_wire(start, end)
    assert WIRE[low:high] == wire


def test_what_became_several_bytes_is_taken_whole() -> None:
    one = Segment(b"aXYZb", source=Segment(b"a&b"), step=STEP, edits=lambda: (Edit(1, 3, 1, 1),))
    assert one.to_wire(2, 3) == (1, 2)
    assert one.to_wire(4, 5) == (2, 3)
    assert one.to_wire(0, 1) == (0, 1)


def test_wire_is_its_own_view() -> None:
    wire = Segment(WIRE)
    assert wire.way == ()
    assert wire.to_wire(2, 5) == (2, 5)
    assert wire.lift(Patch(2, b"abc")) == Patch(2, b"abc")


def test_stage_without_a_step_is_no_part_of_the_way() -> None:
    stage = Segment(WIRE, source=Segment(WIRE))
    assert stage.way == ()
    assert view().way == (STEP,)


@pytest.mark.parametrize(
    ("patch", "lifted"),
    [
        (Patch(0, b"**"), Patch(0, b"**")),
        (Patch(2, b"***"), Patch(2, b"*****")),
        (Patch(2, b"<*>"), Patch(2, b"<<*>>")),
        (Patch(5, b"**"), Patch(7, b"*~~*")),
        (Patch(6, b"*"), Patch(10, b"*")),
        (Patch(2, b"9"), None),
    ],
)
def test_mask_takes_the_place_of_what_it_hides(patch: Patch, lifted: Patch | None) -> None:
    assert view().lift(patch) == lifted


def test_escape_that_can_be_written_again_is() -> None:
    one = Segment(
        b"abc",
        source=Segment(b"a%62c"),
        step=STEP,
        edits=lambda: (Edit(1, 1, 1, 3),),
        rewrite=lambda _escape, text: b"%%%02x" % text[0],
    )
    assert one.lift(Patch(1, b"9")) == Patch(1, b"%39")
    assert one.lift(Patch(0, b"x9y")) == Patch(0, b"x%39y")


def test_text_that_another_length_would_take_is_not_lifted() -> None:
    one = Segment(
        b"abc",
        source=Segment(b"a%62c"),
        step=STEP,
        edits=lambda: (Edit(1, 1, 1, 3),),
        rewrite=lambda _escape, _text: b"%",
    )
    assert one.lift(Patch(1, b"9")) is None


def test_half_of_what_one_escape_became_is_not_lifted() -> None:
    one = Segment(b"aXYb", source=Segment(b"a&b"), step=STEP, edits=lambda: (Edit(1, 2, 1, 1),))
    assert one.lift(Patch(0, b"**")) is None
    assert one.lift(Patch(1, b"XY")) == Patch(1, b"&")


def test_wide_characters_are_written_in_their_own_width() -> None:
    wide = Segment(
        b"abc",
        source=Segment(b"a\0b\0c\0"),
        step=STEP,
        scale=2,
        encode=lambda text: text.decode().encode("utf-16-le"),
    )
    assert wide.to_wire(1, 2) == (2, 4)
    assert wide.lift(Patch(1, b"**")) == Patch(2, b"*\0*\0")
