"""Joins what several reasons want changed in one set of headers into one change.

A removal beats a value: what is taken away for one reason is not put back masked for another.
"""

from __future__ import annotations

from collections.abc import Sequence

from weirline.flow.effects import HeaderChange
from weirline.flow.events import Header
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
