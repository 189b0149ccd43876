"""All readings of a text that could show more than its bytes do, within bounds.

Every escape may stand in every other, so the readings of a text are a tree. Kinds are combined only
where one writes the signs of the other: a form writes backslashes with percent signs, JSON writes
the `&` of HTML as `\\u0026`; two kinds that stand side by side are each found without the other.
Depth, number and size of the readings are bounded; what a bound leaves out is named.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from weirline.body.base64_text import base64_view
from weirline.body.charset import charset_of, charset_view
from weirline.body.content import UNKNOWN, ContentHint
from weirline.body.entity import entity_view
from weirline.body.gate import Gate
from weirline.body.json_escape import json_view
from weirline.body.multipart import has_parts, parts_view, unread_charsets
from weirline.body.patchwork import Patchwork
from weirline.body.percent import percent_view
from weirline.body.quoted_printable import quoted_view
from weirline.body.segment import Segment, View
from weirline.body.soft import soft_view
from weirline.detect.class_finder import ClassProgram
from weirline.detect.finding import Step, Way, Written

MOST_VIEWS: Final = 32
MOST_STEPS: Final = 6  # from the wire to a view
MOST_TIMES: Final = 8  # all views together may be so many times as large as the text
CUT_REACH: Final = 64  # bytes; more backslashes than that in a row are no escape
_CUT_ESCAPE: Final = re.compile(
    rb"(?:\\+(?:u[0-9a-fA-F]{0,3})?|\\+u[dD][89abAB][0-9a-fA-F]{2}"
    rb"|%(?:[0-9a-fA-F]|u[0-9a-fA-F]{0,3})?|&[#0-9A-Za-z]{0,24}"
    rb"|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}"
    rb"|(?<=[ -~])[\xa0\xad\x96\x97])\Z"
)
_NEAR_END: Final = 64  # bytes
SPARE_BYTES: Final = 1 << 20  # and so much larger


class Unread(enum.StrEnum):
    """Why a text was not read in every way that it may be written."""

    DEPTH = "depth"  # escapes in escapes, deeper than is followed
    VIEWS = "views"  # more readings, or larger ones, than are made
    CHARSET = "charset"  # a charset that is not known


class Readings(NamedTuple):
    """Views beside the text itself; `charset` is set where the text itself is no reading."""

    views: list[View]
    unread: frozenset[Unread]


_NONE: Final = Readings([], frozenset())
_AFTER: Final = {
    Written.JSON: (Written.ENTITY, Written.BASE64, Written.SOFT),
    Written.PERCENT: (
        Written.PERCENT,
        Written.JSON,
        Written.ENTITY,
        Written.BASE64,
        Written.SOFT,
    ),
    Written.ENTITY: (Written.ENTITY, Written.JSON, Written.BASE64, Written.SOFT),
    Written.SOFT: (),
}
_ALL: Final = (
    Written.JSON,
    Written.PERCENT,
    Written.ENTITY,
    Written.BASE64,
    Written.QUOTED_PRINTABLE,
    Written.SOFT,
)


class Reader:
    """Makes the readings of texts. Safe to use from several threads at once."""

    __slots__ = ("_gate",)

    def __init__(self) -> None:
        self._gate = Gate()

    @property
    def short_base64(self) -> ClassProgram | None:
        """What the class finder looks for in a text of at most `SMALL_BYTES`, None without it.

        A text without it, and without the signs of `class_finder.quiet_check`, has no readings.
        """
        return self._gate.short_base64

    def prepare(self) -> None:
        """Compile now what is asked of large texts and of those that are not ASCII."""
        self._gate.prepare()

    def readings(self, data: bytes, content: ContentHint = UNKNOWN) -> Readings:
        """Return every reading of `data` beside itself; none for a text without escapes."""
        gate = self._gate
        if (
            b"\\" not in data
            and b"%" not in data
            and b"&" not in data
            and b"+" not in data
            and data.isascii()
            and b"=" not in data
            and b"\0" not in data
            and not content.charset
            and not gate.base64(data)
        ):
            return _NONE
        return _Growth(gate, data, content).readings()

    def stream_views(self, data: bytes) -> list[View]:
        """Return the readings in which a value may go on beyond the end of `data`.

        Those whose bytes can be masked as they stand: the others are read where they are whole. An
        escape that the end cuts is left out: what it will be may carry on what stands before it.
        """
        raw = _before_cut(Segment(data))
        firsts = [
            _before_cut(view) for undo in _STREAMED.values() if (view := undo(raw)) is not None
        ]
        seconds = [
            _before_cut(view)
            for first in firsts
            for kind in _AFTER[first.way[-1].written]
            if kind in _STREAMED and (view := _STREAMED[kind](first)) is not None
        ]
        views = firsts + seconds if len(raw.text) == len(data) else [raw, *firsts, *seconds]
        for source in (raw, *firsts, *seconds):
            if source.text[-_NEAR_END:].isascii() and not self._gate.soft(source.text):
                continue  # what a character at the end means is told by the next
            if (soft := soft_view(source)) is not None:
                views.append(soft)
        return views


_STREAMED: Final[dict[Written, Callable[[View], View | None]]] = {
    Written.JSON: json_view,
    Written.PERCENT: percent_view,
    Written.ENTITY: entity_view,
}


def _before_cut(view: View) -> View:
    """Return `view` as far as its last escape is whole; itself if it is."""
    text = view.text
    cut = _CUT_ESCAPE.search(text, max(len(text) - CUT_REACH, 0))
    return view if cut is None else Segment(text[: cut.start()], source=view)


class _Growth:
    """One text on its way to its readings; owned by one call."""

    __slots__ = ("_content", "_data", "_gate", "_room", "_seen", "_unread", "_views")

    def __init__(self, gate: Gate, data: bytes, content: ContentHint) -> None:
        self._gate = gate
        self._data = data
        self._content = content
        self._room = MOST_TIMES * len(data) + SPARE_BYTES
        self._seen = {data}
        self._views: list[View] = []
        self._unread: set[Unread] = set()

    def readings(self) -> Readings:
        for root in self._roots():
            self._grow(root)
        return Readings(self._views, frozenset(self._unread))

    def _roots(self) -> Iterator[View]:
        """Yield the text itself, and what is written in a charset of its own."""
        raw: View = Segment(self._data)
        charset = charset_of(self._data, self._content.charset)
        if charset is not None:
            view = charset_view(raw, charset)
            if view is None:
                self._unread.add(Unread.CHARSET)
            elif self._keep(view):
                yield view
        yield raw
        if has_parts(self._data):
            parts = parts_view(raw)
            if parts is not None and self._keep(parts):
                yield parts
            if unread_charsets(self._data):
                self._unread.add(Unread.CHARSET)

    def _grow(self, root: View) -> None:
        waiting = [root]
        while waiting:
            source = waiting.pop(0)
            for view in self._views_of(source):
                if len(view.way) > MOST_STEPS:
                    self._unread.add(Unread.DEPTH)
                elif self._keep(view):
                    waiting.append(view)

    def _keep(self, view: View) -> bool:
        if isinstance(view, Patchwork) and not view.whole:
            self._unread.add(Unread.VIEWS)
        if view.text in self._seen:
            return False
        if len(self._views) >= MOST_VIEWS or len(view.text) > self._room:
            self._unread.add(Unread.VIEWS)
            return False
        self._seen.add(view.text)
        self._views.append(view)
        self._room -= len(view.text)
        return True

    def _views_of(self, source: View) -> Iterator[View]:
        kinds = _AFTER.get(source.way[-1].written, _ALL) if source.way else _ALL
        for kind in kinds:
            view = self._view(kind, source)
            if view is not None:
                yield view

    def _view(self, kind: Written, source: View) -> View | None:
        text = source.text
        if kind is Written.BASE64:
            return base64_view(source) if self._gate.base64(text) else None
        if kind is Written.SOFT:
            return soft_view(source) if self._gate.soft(text) else None
        if kind is Written.QUOTED_PRINTABLE:
            return quoted_view(source) if self._gate.quoted(text) else None
        return _STREAMED[kind](source)


def follow(data: bytes, way: Way) -> View | None:
    """Return the view of `data` that `way` leads to, None if `data` is not written so."""
    view: View | None = Segment(data)
    for step in way:
        if view is None:
            return None
        view = _follow(view, step)
    return view


def _follow(view: View, step: Step) -> View | None:
    match step.written:
        case Written.CHARSET:
            return charset_view(view, step.charset)
        case Written.BASE64:
            return base64_view(view)
        case Written.QUOTED_PRINTABLE:
            return quoted_view(view)
        case Written.PARTS:
            return parts_view(view)
        case Written.SOFT:
            return soft_view(view)
        case Written.JSON | Written.PERCENT | Written.ENTITY:
            return _STREAMED[step.written](view)


_AS_IT_STANDS: Final = frozenset((Written.JSON, Written.PERCENT, Written.ENTITY, Written.SOFT))


def to_be_followed(way: Way) -> Way:
    """Return the part of `way` that a mask must follow, up to where it can be put in place."""
    for last in range(len(way), 0, -1):
        if way[last - 1].written not in _AS_IT_STANDS:
            return way[:last]
    return ()
