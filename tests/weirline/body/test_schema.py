"""What is known of messages, and what is when nothing is."""

from __future__ import annotations

from weirline.body.schema import Field, FieldKind, Layout, Schemas


def test_message_may_hold_itself() -> None:
    layout = Layout()
    layout[1] = Field(b"again", FieldKind.MESSAGE, layout)
    assert layout[1].layout is layout


def test_nothing_is_known_of_any_method_without_a_descriptor_set() -> None:
    assert Schemas().requests.get("/a.B/C") is None
    assert Schemas().responses.get("/a.B/C") is None
