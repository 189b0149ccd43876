r"""Undoes the escapes of JSON strings, those of JSON inside JSON strings included.

Short escapes become blanks, so that offsets stay true; `\u` and `\/` become their character.
Source: RFC 8259 section 7 (JSON strings).
"""

from __future__ import annotations

import re
from typing import Final

from weirline.body.escape import undone, utf8
from weirline.body.fast_escape import BLANK, CODES, DEEP
from weirline.body.segment import Segment, View
from weirline.detect.finding import Step, Written

_STEP: Final = Step(Written.JSON)
_UNICODE: Final = re.compile(rb"\\u[0-9a-fA-F]{4}")
_SLASH: Final = b"\x01\x02"  # a slash that was escaped, until it becomes one byte
# Two halves of one character beyond the first 65,536 are one escape.
_CODE: Final = rb"u(?:[dD][89abAB][0-9a-fA-F]{2}\\+u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})"
_CODE_ESCAPE: Final = re.compile(rb"(\\" + _CODE + rb")")
_LONG_ESCAPE: Final = re.compile(rb"(\\" + _CODE + rb"|\x01\x02)")
# Half of a character, which may stand in a whole one, and what was cut: the next may make it whole.
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]|\\(?:u[0-9a-fA-F]{0,3})?\\")
_MOST_BACKSLASHES: Final = 16  # before one escape: JSON in four JSON strings, or five
LONGEST_ESCAPE: Final = 2 * (_MOST_BACKSLASHES + len("u0040"))  # bytes
_TOO_DEEP: Final = b"\\" * (_MOST_BACKSLASHES + 1)
# Escapes of escapes. A run of backslashes is looked at once, from its first on.
_DEEP_ESCAPE: Final = re.compile(
    rb"(\\(?<!\\\\)\\{1,%d}+(?:%s|/))" % (_MOST_BACKSLASHES - 1, _CODE)
)

# JSON's short escapes, as two bytes each, so that offsets stay true: `\n4111` then has its word
# boundary, and a quote still is one. The commonest first: each pass is the faster, the fewer
# backslashes are left (200 KiB dense with them: 240 us; without: 3 us).
_SAME_LENGTH: Final = (
    (rb"\"", b' "'),
    (rb"\/", _SLASH),
    (rb"\n", b"\n\n"),
    (rb"\t", b"\t\t"),
    (rb"\r", b"\r\r"),
    (rb"\b", b"  "),
    (rb"\f", b"  "),
)


def json_view(source: View) -> Segment | None:
    r"""Return the view of `source` with JSON string escapes undone; None if it has no backslash.

    Short escapes are blanks of the same length, and so is the first of two backslashes, which
    undoes escapes of escapes at any depth. Where more than one backslash stands before `\u` or
    `\/`, as in JSON inside a JSON string, all are undone with the escape beforehand: a blank would
    divide the value.
    """
    text = source.text
    if b"\\" not in text:
        return None
    stage: View = source
    if (rb"\\u" in text or rb"\\/" in text) and _DEEP_ESCAPE.search(text) is not None:
        stage = _undo_deep(source)
    blanked = _blanked(stage.text)
    if not _has_long(blanked):
        return Segment(blanked, source=stage, step=_STEP)
    between = Segment(blanked, source=stage)
    return undone(
        between,
        _LONG_ESCAPE if _SLASH in blanked else _CODE_ESCAPE,
        _character,
        step=_STEP,
        rewrite=_escape_again,
        unsafe=None if CODES is None and _HALF.search(blanked) else b"\\\x01\x02",
        fast=CODES,
    )


def _blanked(text: bytes) -> bytes:
    if BLANK is not None:
        return BLANK(text)
    text = text.replace(b"\\\\", b" \\")
    for escape, same_length in _SAME_LENGTH:
        if b"\\" not in text:
            break
        text = text.replace(escape, same_length)
    return text


def _has_long(blanked: bytes) -> bool:
    return _SLASH in blanked or (b"\\" in blanked and _UNICODE.search(blanked) is not None)


def _undo_deep(source: View) -> Segment:
    """Replace each escape of an escape by its character; a backslash, idle now, by a blank.

    One pass: where they were replaced one after the other, a run of too many backslashes would be
    taken for one that ends it.
    """
    return undone(
        source, _DEEP_ESCAPE, _deep, step=None, rewrite=_escape_again, unsafe=None, fast=DEEP
    )


def _deep(escape: bytes) -> bytes:
    made = _character(escape)
    return b" " if made == b"\\" else made


def _character(escape: bytes) -> bytes:
    if escape == _SLASH or escape.endswith(b"/"):
        return b"/"
    code = int(escape[-4:], 16)
    halves = escape.split(b"u")
    if len(halves) == 3:
        code = 0x10000 + ((int(halves[1][:4], 16) - 0xD800) << 10) + (code - 0xDC00)
    return utf8(code)


def _escape_again(escape: bytes, text: bytes) -> bytes | None:
    """Return `text`, one ASCII character, as an escape of the same length and depth."""
    if escape.count(b"u") != 1 or len(text) != 1 or text > b"\x7f":
        return None
    return escape[:-4] + b"%04x" % text[0]
