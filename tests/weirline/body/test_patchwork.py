from __future__ import annotations

from collections.abc import Iterator

from weirline.body.patchwork import Patchwork, Piece, patchwork
from weirline.body.percent import percent_view
from weirline.body.segment import Patch, Segment
from weirline.detect.finding import Step, Written

STEP = Step(Written.PARTS)
WIRE = b'{"card":"%34%31"},{"name":"x%40y"}'


def pieces(text: bytes) -> Iterator[Piece]:
    for start, end in ((9, 15), (text.index(b"x%"), len(text) - 2)):
        view = percent_view(Segment(text[start:end]))
        assert view is not None
        yield Piece(start, end, view)


def whole() -> Patchwork:
    return Patchwork(Segment(WIRE), pieces(WIRE), STEP)


def test_pieces_stand_one_after_the_other_each_after_its_context() -> None:
    assert whole().text == b'{"card":"41\x1f\n},{"name":"x@y\x1f\n'
    assert whole().way == (STEP,)


def test_span_in_a_piece_leads_to_where_it_stands() -> None:
    view = whole()
    at = view.text.index(b"x@y")
    low, high = view.to_wire(at, at + 3)
    assert WIRE[low:high] == b"x%40y"
    at = view.text.index(b"41")
    low, high = view.to_wire(at, at + 2)
    assert WIRE[low:high] == b"%34%31"


def test_span_in_the_context_and_over_its_border_leads_to_where_it_stands() -> None:
    view = whole()
    at = view.text.index(b"name")
    low, high = view.to_wire(at, at + 4)
    assert WIRE[low:high] == b"name"
    low, high = view.to_wire(at, at + 8)
    assert WIRE[low:high] == b'name":"x'


def test_byte_between_two_pieces_stands_for_nothing() -> None:
    view = whole()
    at = view.text.index(b"\x1f")
    low, high = view.to_wire(at, at + 1)
    assert (low, high) == (15, 15)


def test_mask_is_written_in_its_piece_alone() -> None:
    view = whole()
    at = view.text.index(b"x@y")
    assert view.lift(Patch(at, b"*@*")) == Patch(WIRE.index(b"x%"), b"*%40*")
    assert view.lift(Patch(at - 2, b"\n***")) is None
    at = view.text.index(b"name")
    assert view.lift(Patch(at, b"NAME")) == Patch(WIRE.index(b"name"), b"NAME")


def test_context_does_not_begin_within_a_word() -> None:
    text = b"y" * 100 + b" abc " + b"z" * 55 + b"%41"
    view = percent_view(Segment(b"%41"))
    assert view is not None
    made = Patchwork(Segment(text), [Piece(len(text) - 3, len(text), view)], STEP)
    assert made.text == b"abc " + b"z" * 55 + b"A\x1f\n"


def test_text_without_pieces_has_no_patchwork() -> None:
    assert patchwork(Segment(b"abc"), lambda _text: (), STEP) is None
