from __future__ import annotations

import quopri

import pytest

from weirline.body.quoted_printable import quoted_view
from weirline.body.segment import Patch, Segment


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (b"a=40b.c", b"a@b.c"),
        (b"4111=\n1111", b"41111111"),
        (b"4111= \t\r\n1111", b"41111111"),
        (b"a=3D40", b"a=40"),
        (b"caf=C3=A9 =zz", "café =zz".encode()),
    ],
)
def test_escapes_and_soft_line_breaks_are_undone(text: bytes, view: bytes) -> None:
    got = quoted_view(Segment(text))
    assert got is not None
    assert got.text == view


def test_text_without_escapes_has_no_view() -> None:
    assert quoted_view(Segment(b"a == b, c=z")) is None


def test_mask_reads_as_the_mask_and_leaves_line_breaks() -> None:
    wire = quopri.encodestring(b"x" * 70 + b" a@b.example, =caf\xc3\xa9").replace(b"@", b"=40")
    view = quoted_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"a@b.example")
    lifted = view.lift(Patch(at, b"*@*.*******"))
    assert lifted is not None
    masked = wire[: lifted.start] + lifted.text + wire[lifted.start + len(lifted.text) :]
    assert len(masked) == len(wire)
    assert quopri.decodestring(masked) == b"x" * 70 + b" *@*.*******, =caf\xc3\xa9"


def test_digit_in_an_escape_is_escaped_again() -> None:
    view = quoted_view(Segment(b"a=34b"))
    assert view is not None
    assert view.lift(Patch(1, b"9")) == Patch(1, b"=39")
