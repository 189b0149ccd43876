"""Reading leaks of the user's own: JSON lines `{"path", "content_type", "body", "values": [...]}`.

It refuses, all faults at once and with their lines, what could not be served or counted: broken
JSON, unknown or missing fields, a path that is no request target, a content type that is no header
value, an empty value. No message quotes the file, because the file holds secrets.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from weirline.cli.demo.leak import Leak
from weirline.errors import ConfigurationError, Problem

CODE = "L01"
TARGET = re.compile(r"/[!-~]*")
HEADER_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")
FIELDS = "an object with the fields path, content_type, body (text) and values (list of text)"


class LeakLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the file."""

    path: str
    content_type: str
    body: str
    values: tuple[str, ...]


def read_leaks(path: Path) -> tuple[Leak, ...]:
    """Return the leaks of the file at `path`. Raises ConfigurationError as parse_leaks does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        mend = f"cannot be read: {os.strerror(error.errno or 0)}"
        raise ConfigurationError([Problem(CODE, str(path), 0, 0, "file", mend)]) from None
    return parse_leaks(content, str(path))


def parse_leaks(content: bytes, file: str) -> tuple[Leak, ...]:
    """Return the leaks in `content`, in order; empty lines are passed over.

    `file` is the name that errors give. Raises ConfigurationError with every fault found, also
    where no line holds a leak.
    """
    leaks: list[Leak] = []
    problems: list[Problem] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        found = _faults(line)
        if isinstance(found, LeakLine):
            leaks.append(_leak(found))
            continue
        problems += [Problem(CODE, file, number, 1, field, mend) for field, mend in found]
    if not leaks and not problems:
        problems.append(Problem(CODE, file, 0, 0, "file", f"expected lines, each {FIELDS}"))
    if problems:
        raise ConfigurationError(problems)
    return tuple(leaks)


def _faults(line: bytes) -> LeakLine | list[tuple[str, str]]:
    """Return the line as it reads, or its faults as pairs of field and mend."""
    try:
        decoded = msgspec.json.decode(line, type=LeakLine)
    except msgspec.ValidationError:
        return [("line", f"expected {FIELDS}, and no other field")]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [("line", f"not valid JSON in UTF-8 on one line; expected {FIELDS}")]
    faults = []
    if not TARGET.fullmatch(decoded.path):
        faults.append(("path", "must begin with / and hold printable ASCII without spaces"))
    if not HEADER_VALUE.fullmatch(decoded.content_type):
        faults.append(("content_type", "must be a media type, such as application/json"))
    if not all(decoded.values):
        faults.append(("values", "an empty value is in every answer; leave it out"))
    return faults or decoded


def _leak(line: LeakLine) -> Leak:
    return Leak(
        path=line.path,
        content_type=line.content_type,
        body=line.body.encode(),
        values=tuple(value.encode() for value in line.values),
    )
