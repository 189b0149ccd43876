"""Undoes percent escapes: of paths, queries and forms, and the four-digit ones of old servers.

Source: RFC 3986 section 2.1; URL Standard section 5 (forms: `+` is a blank); ECMA-262 annex B.2.1.2
(`%u0041`, still undone by some servers).
"""

from __future__ import annotations

import re
from typing import Final

from weirline.body.escape import undone, utf8
from weirline.body.fast_escape import PERCENT
from weirline.body.segment import Segment, View
from weirline.detect.finding import Step, Written

_STEP: Final = Step(Written.PERCENT)
_PERCENT: Final = re.compile(rb"(%(?:[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}))")
_CUT: Final = re.compile(rb"%(?:[0-9a-fA-F]|u[0-9a-fA-F]{0,3})?%")  # the next may make it whole
_FORM_VALUE: Final = re.compile(rb"=[0-9A-Za-z%.\-]{1,64}\+{1,2}[0-9A-Za-z%-]")


def percent_view(source: View) -> Segment | None:
    """Return the view of `source` with percent escapes undone, None if there is nothing to undo.

    Undone once: `%2541` is `%41` then, which another view of this one undoes. Where a value of a
    form or query has a plus sign, `+` is a blank.
    """
    text = source.text
    escaped = b"%" in text and _PERCENT.search(text) is not None
    form = b"+" in text and _FORM_VALUE.search(text) is not None
    if not escaped and not form:
        return None
    if not escaped:
        return Segment(text.replace(b"+", b" "), source=source, step=_STEP)
    stage = Segment(text.replace(b"+", b" "), source=source) if form else source
    return undone(
        stage,
        _PERCENT,
        _byte,
        step=_STEP,
        rewrite=_escape_again,
        unsafe=None if PERCENT is None and _CUT.search(text) else b"%",
        fast=PERCENT,
    )


def _byte(escape: bytes) -> bytes:
    digits = escape[1:]
    return utf8(int(digits[1:], 16)) if digits[:1] == b"u" else bytes((int(digits, 16),))


def _escape_again(escape: bytes, text: bytes) -> bytes | None:
    if len(text) != 1:
        return None
    return b"%%u%04x" % text[0] if escape[1:2] == b"u" else b"%%%02X" % text[0]
