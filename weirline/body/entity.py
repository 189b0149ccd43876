"""Undoes the character references of HTML and XML: `&#52;`, `&#x34;`, `&commat;`.

Numbers need no semicolon, as browsers ask for none; names do, or every form would be full of them.
Source: HTML Standard section 13.2.5.72 and after (states of character references); XML 1.0 section
4.1.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from weirline.body.escape import NO_TEXT, undone
from weirline.body.segment import Segment, View
from weirline.detect.finding import Step, Written

_STEP: Final = Step(Written.ENTITY)
LONGEST: Final = 24  # bytes of one; longer names stand for nothing a value has
ENTITY: Final = (
    rb"&(?:#[0-9]{1,9}(?:;|(?![0-9]))|#[xX][0-9a-fA-F]{1,8}(?:;|(?![0-9a-fA-F]))"
    rb"|[A-Za-z][0-9A-Za-z]{1,21};)"
)
_ENTITY: Final = re.compile(rb"(" + ENTITY + rb")")
_OPEN: Final = re.compile(
    rb"&#(?:[0-9]+(?![0-9;])|[xX][0-9a-fA-F]+(?![0-9a-fA-F;]))"
    rb"|&(?:#[xX]?|[A-Za-z][0-9A-Za-z]{0,21})?&"
)


def entity_view(source: View) -> Segment | None:
    """Return the view of `source` with character references undone once, None if it has none."""
    text = source.text
    if b"&" not in text or _ENTITY.search(text) is None:
        return None
    # One without a semicolon may stand in a longer one, and one that was cut become one.
    unsafe = None if _OPEN.search(text) is not None else b"&"
    return undone(source, _ENTITY, _character, step=_STEP, rewrite=_refer_again, unsafe=unsafe)


def _character(entity: bytes) -> bytes:
    text = unescape(entity.decode("ascii"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return NO_TEXT


def _refer_again(entity: bytes, text: bytes) -> bytes | None:
    """Return `text`, one character, as a number as long as `entity`; zeros may lead it."""
    if len(text) != 1 or not entity.endswith(b";"):
        return None
    number = b"%d" % text[0]
    room = len(entity) - len(b"&#;")
    return b"&#" + number.rjust(room, b"0") + b";" if room >= len(number) else None
