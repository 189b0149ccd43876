"""Joins what several reasons want changed in one set of headers into one change.

A removal beats a value: what is taken away for one reason is not put back masked for another.
"""

from __future__ import annotations

from collections.abc import Sequence

from weirline.flow.body_reader import BodyReader
from weirline.flow.effects import HeaderChange
from weirline.flow.events import Header
from weirline.flow.message import Message, State
from weirline.redact.headers import (
    BodyFate,
    FieldEdit,
    edit_for_body,
    edit_for_protected_response,
    edit_trailers,
)


def for_body(fields: Sequence[Header], *, streamed: bool) -> HeaderChange | None:
    """What must change in the headers of a message whose body is (or, streamed, may be) masked."""
    fate = BodyFate.MAY_CHANGE if streamed else BodyFate.CHANGED
    return _change(edit_for_body(fields, fate))


def for_wrapped_body(
    fields: Sequence[Header], reader: BodyReader, message: Message
) -> HeaderChange | None:
    """What must change in the headers of a message whose body `reader` is to read.

    The length of a stream that is packed again is not known when its headers leave, and what a
    reader cannot undo must not be agreed on.
    """
    gone = set(reader.unwanted_fields)
    if reader.changes_length and message.enforces and message.state is not State.WHOLE:
        gone.add(b"content-length")
    remove = tuple(dict.fromkeys(name for name, _ in fields if name in gone))
    return HeaderChange(remove) if remove else None


def with_length(change: HeaderChange | None, length: int) -> HeaderChange:
    """The same change with a content-length, for a body that came whole and changes in length."""
    field = (b"content-length", b"%d" % length)
    if change is None:
        return HeaderChange((), (field,))
    return HeaderChange(change.remove, (*change.set, field))


def for_protected_response(fields: Sequence[Header]) -> HeaderChange | None:
    """What must change in a request so that its response can be read whole."""
    return _change(edit_for_protected_response(fields))


def for_trailers(fields: Sequence[Header]) -> HeaderChange | None:
    """What must change in the trailers of a message whose body was masked."""
    return _change(edit_trailers(fields))


def merge(one: HeaderChange | None, other: HeaderChange | None) -> HeaderChange | None:
    """Both changes in one; of two values for a name the first one's stand."""
    if one is None or other is None:
        return one or other
    remove = tuple(dict.fromkeys((*one.remove, *other.remove)))
    named = {name for name, _ in one.set}
    setting = (*one.set, *(field for field in other.set if field[0] not in named))
    return HeaderChange(remove, tuple(field for field in setting if field[0] not in remove))


def _change(edit: FieldEdit) -> HeaderChange | None:
    return HeaderChange(edit.remove, edit.set) if edit else None
