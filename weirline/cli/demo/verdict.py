"""Whether a value was stopped: it stands nowhere in what the client received.

Looked for in the raw bytes, in the body without chunk framing, and in the body with JSON escapes
undone, whatever the content type says. It refuses to be clever: a value that is there in any other
spelling (base64, upper case) is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from weirline.cli.demo.client import Answer

# Escapes by number come in runs, because two of them may be the halves of one character.
ESCAPE = re.compile(rb'((?:\\u[0-9a-fA-F]{4})+)|\\(["\\/bfnrt])')
LETTERS = {
    b'"': b'"',
    b"\\": b"\\",
    b"/": b"/",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
}


def leaked_values(values: Iterable[bytes], answer: Answer) -> list[bytes]:
    """Return those of `values` that the client received, in order: those that were not stopped."""
    views = {answer.raw, answer.body, unescape_json(answer.body)}
    return [value for value in values if any(value in view for view in views)]


def unescape_json(text: bytes) -> bytes:
    """Return `text` with every JSON escape (RFC 8259, section 7) undone, wherever it stands."""
    return ESCAPE.sub(_unescape, text) if b"\\" in text else text


def _unescape(match: re.Match[bytes]) -> bytes:
    run, letter = match.groups()
    if run is None:
        return LETTERS[letter]
    units = bytes.fromhex(run.replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", errors="replace").encode()
