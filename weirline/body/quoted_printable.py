"""Undoes quoted-printable, the way of mail to write what is not ASCII: `=40`, soft line breaks.

`=41` is ordinary in a form, so it is undone only where something says that it is this: a soft line
break, the word itself, or who asks. Source: RFC 2045 section 6.7.
"""

from __future__ import annotations

import re
from typing import Final

from weirline.body.escape import undone
from weirline.body.segment import Segment, View
from weirline.detect.finding import Step, Written

_STEP: Final = Step(Written.QUOTED_PRINTABLE)
_ESCAPE: Final = re.compile(rb"(=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n))")

# A line that ends in an equals sign after 20 characters or more, and its own name.
QUOTED_PLACES: Final = (r"[^\r\n]{19}[^\r\n=]=[ \t]{0,8}\r?\n", "[qQ][uU][oO][tT][eE][dD]-[pP]")


def quoted_view(source: View) -> Segment | None:
    """Return the view of `source` with quoted-printable undone, None if there is nothing to undo.

    Whether it is meant so is the caller's to know; see `QUOTED_PLACES`.
    """
    if b"=" not in source.text or _ESCAPE.search(source.text) is None:
        return None
    return undone(source, _ESCAPE, _byte, step=_STEP, rewrite=_escape_again, unsafe=b"=")


def _byte(escape: bytes) -> bytes:
    return b"" if escape.endswith(b"\n") else bytes((int(escape[1:], 16),))


def _escape_again(escape: bytes, text: bytes) -> bytes | None:
    return b"=%02X" % text[0] if len(text) == 1 else None
