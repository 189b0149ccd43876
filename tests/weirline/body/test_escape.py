from __future__ import annotations

import re

import pytest

from weirline.body.escape import NO_TEXT, edits_of, undone, utf8
from weirline.body.segment import Edit, Segment
from weirline.detect.finding import Step, Written

STEP = Step(Written.SOFT)
NUMBER = re.compile(rb"(<[0-9]+>)")


def value(escape: bytes) -> bytes:
    return bytes((int(escape[1:-1]),))


def test_edits_say_what_became_of_each_escape() -> None:
    text = b"a<65>b<200><9>"
    table = {b"<65>": b"A", b"<200>": b"", b"<9>": b"xyz"}
    assert list(edits_of(NUMBER, table, text)) == [
        Edit(1, 1, 1, 4),
        Edit(3, 0, 6, 5),
        Edit(3, 3, 11, 3),
    ]


@pytest.mark.parametrize("count", [3, 60])
def test_few_and_many_different_escapes_are_undone_alike(count: int) -> None:
    text = b"".join(b"x<%d>" % (65 + number) for number in range(count)) * 2
    view = undone(Segment(text), NUMBER, value, step=STEP, unsafe=b"<>")
    assert view.text == b"".join(b"x%c" % (65 + number) for number in range(count)) * 2
    assert view.to_wire(2, 4) == (5, 10)
    assert view.way == (STEP,)


def test_what_two_escapes_make_together_is_none() -> None:
    view = undone(Segment(b"<60>65<62>"), NUMBER, value, step=STEP, unsafe=b"<>")
    assert view.text == b"<65>"


def test_escape_that_stands_in_another_is_not_undone_within_it() -> None:
    number = re.compile(rb"(#[0-9]+)")
    table = {b"#6": b"a", b"#65": b"b"}
    text = b"#65 #6 #65"
    assert undone(Segment(text), number, table.__getitem__, step=STEP, unsafe=None).text == b"b a b"


@pytest.mark.parametrize(
    ("code", "text"),
    [(0x41, b"A"), (0xE9, "é".encode()), (0x1F600, "😀".encode()), (0xD800, NO_TEXT),
     (0x110000, NO_TEXT)],
)  # fmt: skip
def test_code_becomes_utf8_and_half_a_character_none(code: int, text: bytes) -> None:
    assert utf8(code) == text


def test_escape_that_becomes_nothing_lets_its_neighbours_make_none() -> None:
    number = re.compile(rb"(<[0-9]*>)")
    text = b"a<<>5>b<5>"
    view = undone(Segment(text), number, lambda one: one[1:-1], step=STEP, unsafe=b"<>")
    assert view.text == b"a<5>b5"
    assert view.to_wire(4, 6) == (6, 10)
