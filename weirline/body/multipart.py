"""Parts of a multipart body in a charset that its bytes do not show to a scan of the whole.

Every part is scanned as it stands anyway, with the rest of the body; base64 and quoted-printable
are found wherever they are. What is left are parts in UTF-16, UTF-32 or EBCDIC: each is read by
its own header, and all of them are, not the last one. Borders are taken from the lines that begin
like the first of them, so that a wrong `boundary` parameter hides nothing.
Source: RFC 2046 section 5.1; RFC 7578 (forms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from weirline.body.charset import charset_of, charset_view
from weirline.body.patchwork import Patchwork, Piece, patchwork
from weirline.body.segment import Segment, View
from weirline.detect.finding import Step, Written

STEP: Final = Step(Written.PARTS)
_BORDER: Final = re.compile(rb"(?:\A|\n)(--[!-~]{1,70})[ \t]*\r?\n(?=[A-Za-z0-9-]+[ \t]*:)")
_BODY: Final = re.compile(rb"\r?\n\r?\n")
_CHARSET: Final = re.compile(rb"(?i)charset[ \t]*=[ \t]*\"?([!#-:<-~]{1,40})")
_SOME_PARTS: Final = 1000


def parts_view(source: View) -> Patchwork | None:
    """Return a view of the parts of `source` that must be read by their charset, None if none."""
    if b"--" not in source.text[:2] and b"\n--" not in source.text:
        return None
    return patchwork(source, _pieces, STEP)


def has_parts(text: bytes) -> bool:
    """Say whether `text` begins like a multipart body, or like a mail that holds one."""
    return text.startswith(b"--") or text[:4].lower() in {b"mime", b"from", b"cont", b"date"}


def _pieces(text: bytes) -> Iterator[Piece]:
    for start, end, name in _parts(text):
        part = text[start:end]
        charset = charset_of(part, name)
        view = None if charset is None else charset_view(Segment(part), charset)
        if view is not None:
            yield Piece(start, end, view)


def unread_charsets(text: bytes) -> bool:
    """Say whether a part names a charset that cannot be read."""
    for start, end, name in _parts(text):
        part = text[start:end]
        charset = charset_of(part, name)
        if charset is not None and charset_view(Segment(part[:8]), charset) is None:
            return True
    return False


def _parts(text: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of the content of each part, and the charset that it names."""
    first = _BORDER.search(text)
    if first is None:
        return
    border = b"\n" + first[1]
    low = first.start(1) - 1
    for _ in range(_SOME_PARTS):
        head = low + len(border)
        end = text.find(border, head)
        body = _BODY.search(text, head)
        high = len(text) if end < 0 else end
        if body is not None and body.end() <= high:
            named = _CHARSET.search(text, head, body.start())
            name = "" if named is None else named[1].decode("ascii")
            stop = high - 1 if text[high - 1 : high] == b"\r" else high
            yield body.end(), max(stop, body.end()), name
        if end < 0:
            return
        low = end
