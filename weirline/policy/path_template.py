"""Matches a path against many templates in one walk over its segments.

A path can be written in several ways that a server reads as one (`//`, `/./`, `%31`), and who wants
to slip past a rule will use them. So a path is also read the way a lenient server would: unreserved
characters decoded, empty and dot segments resolved, parameters after `;` and a trailing slash gone.
A rule that protects applies if either reading matches; an exception applies only if both do.
Source: RFC 3986 sections 3.3, 5.2.4 and 6.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SLASH = "/"


class BadTemplateError(ValueError):
    """A template that can match no path; `reason` says why without quoting it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class _Node:
    bits: int = 0  # templates that end here
    rest: int = 0  # templates whose `**` starts here
    literal: dict[str, _Node] = field(default_factory=dict)
    wildcard: _Node | None = None


def split_template(template: str) -> list[str]:
    """Return the segments of a template, `*` for each wildcard; raise BadTemplateError."""
    if not template.startswith(_SLASH):
        raise BadTemplateError("a path template starts with /")
    if "?" in template or "#" in template:
        raise BadTemplateError("a path template has no query: leave out ? and what follows")
    segments = template[1:].split(_SLASH)
    if segments[-1] == "" and len(segments) > 1:
        segments.pop()
    result: list[str] = []
    for position, segment in enumerate(segments):
        if segment == "**":
            if position != len(segments) - 1:
                raise BadTemplateError("** stands for the rest and may only come last")
            result.append(segment)
        elif segment == "*" or re.fullmatch(r"\{[A-Za-z_][A-Za-z0-9_]*\}", segment):
            result.append("*")
        elif "*" in segment or "{" in segment or "}" in segment:
            raise BadTemplateError("* and {name} stand for a whole segment between two slashes")
        elif segment == "" and template != _SLASH:
            raise BadTemplateError("two slashes in a row never match")
        else:
            result.append(segment)
    return result


class PathIndex:
    """Templates, each with a bit of its own. Immutable once built."""

    __slots__ = ("_root",)

    def __init__(self, templates: Iterable[tuple[str, int]]) -> None:
        self._root = _Node()
        for template, bit in templates:
            segments = split_template(template)
            self._insert([_as_sent(segment) for segment in segments], bit)
            self._insert([_ESCAPE.sub(_decode, _as_sent(segment)) for segment in segments], bit)

    def _insert(self, segments: list[str], bit: int) -> None:
        node = self._root
        for segment in segments:
            if segment == "**":
                node.rest |= bit
                return
            if segment == "*":
                node.wildcard = node.wildcard or _Node()
                node = node.wildcard
            else:
                node = node.literal.setdefault(segment, _Node())
        node.bits |= bit

    def match(self, path: str) -> tuple[int, int]:
        """Return the bits that match in either reading of `path`, and those that do in both."""
        written = self._walk(path[1:].split(_SLASH)) if path.startswith(_SLASH) else 0
        plain = resolve_path(path)
        if plain == path:
            return written, written
        lenient = self._walk(plain[1:].split(_SLASH))
        return written | lenient, written & lenient

    def _walk(self, segments: list[str]) -> int:
        bits = 0
        nodes = [self._root]
        for segment in segments:
            following: list[_Node] = []
            for node in nodes:
                bits |= node.rest
                child = node.literal.get(segment)
                if child is not None:
                    following.append(child)
                if node.wildcard is not None and segment:
                    following.append(node.wildcard)
            if not following:
                return bits
            nodes = following
        for node in nodes:
            bits |= node.bits | node.rest
        return bits


def resolve_path(path: str) -> str:
    """Return the path as a lenient server reads it; the same object where it is plain."""
    if (
        "%" not in path
        and "//" not in path
        and "/." not in path
        and ";" not in path
        and "\\" not in path
        and path.startswith(_SLASH)
        and (len(path) == 1 or not path.endswith(_SLASH))
    ):
        return path
    decoded = _ESCAPE.sub(_decode, path).replace("\\", _SLASH)
    kept: list[str] = []
    for written in decoded.split(_SLASH):
        segment = written.partition(";")[0]
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return _SLASH + _SLASH.join(kept)


def _as_sent(segment: str) -> str:
    """A literal segment as facts carry it: one character a byte (Latin-1)."""
    return segment.encode().decode("latin-1")


def _decode(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))
