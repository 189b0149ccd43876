"""Masks the values in one protobuf message, or in whatever stands in its place.

Texts and numbers are laid out a line each and scanned in one go, so that a neighbouring field can
be the context of a value; what a descriptor names stands behind its name, as in JSON. A value that
spans two fields is none: fields are no text together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from weirline.body.protobuf import Leaf, LeafKind, leaves, number, write_number
from weirline.body.schema import Layout
from weirline.detect.finding import Finding
from weirline.flow.judge import Judge
from weirline.redact.number import mask_number
from weirline.scan import FlowScanner

_BETWEEN = b"\n\x00\n"  # no value goes over it, and both its sides are the border of a word


def mask_message(
    message: bytes, scanner: FlowScanner, judge: Judge, layout: Layout | None = None
) -> bytes:
    """Return `message` with its values masked; the same length, the same object if there are none.

    What is no protobuf message is one text. `layout` is what its descriptor says of it.
    """
    found = leaves(message, layout)
    if not found:
        return message
    parts = [_text(message, leaf) for leaf in found]
    starts: list[int] = []
    lines: list[bytes] = []
    at = 0
    for leaf, part in zip(found, parts, strict=True):
        line = _line(leaf, part)
        starts.append(at + (len(line) - len(part) - _behind(leaf)))
        lines.append(line)
        at += len(line) + len(_BETWEEN)
    text = _BETWEEN.join(lines)
    findings, capped = scanner.scan(text)
    if not findings and not capped:
        return message
    kept = _once(findings, found, starts)
    masked = judge.masked(text, [finding for finding, _ in kept], capped)
    if masked is text:
        return message
    out = bytearray(message)
    for _, index in kept:
        leaf, start = found[index], starts[index]
        old, new = parts[index], masked[start : start + len(parts[index])]
        if old == new:
            continue
        if leaf.kind is LeafKind.TEXT:
            _overlay(out, leaf.start, old, new)
        else:
            value = int(mask_number(old, 0, len(old)))
            out[leaf.start : leaf.end] = write_number(value, leaf)
    return bytes(out)


def _line(leaf: Leaf, part: bytes) -> bytes:
    """One leaf as the scanner gets it."""
    if not leaf.name:
        return part
    if leaf.kind is LeafKind.TEXT:
        return b'"%b":"%b"' % (leaf.name, part)
    return b'"%b":%b' % (leaf.name, part)


def _behind(leaf: Leaf) -> int:
    """How many bytes stand behind the leaf in its line."""
    return 1 if leaf.name and leaf.kind is LeafKind.TEXT else 0


def _text(message: bytes, leaf: Leaf) -> bytes:
    if leaf.kind is LeafKind.TEXT:
        return message[leaf.start : leaf.end]
    return b"%d" % number(message, leaf)


def _once(
    findings: Sequence[Finding], found: Sequence[Leaf], starts: Sequence[int]
) -> list[tuple[Finding, int]]:
    """Findings within one leaf, with its index; one that two readings share only once."""
    kept: list[tuple[Finding, int]] = []
    taken = bytearray(max((leaf.end for leaf in found), default=0))
    for finding in findings:
        index = bisect_right(starts, finding.start) - 1
        if index < 0:
            continue  # in the name of the first field
        leaf = found[index]
        start, end = leaf.start, leaf.end
        if leaf.kind is LeafKind.TEXT:
            start = leaf.start + finding.start - starts[index]
            end = start + finding.end - finding.start
            if end > leaf.end:
                continue
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append((finding, index))
    return kept


def _overlay(out: bytearray, at: int, old: bytes, new: bytes) -> None:
    """Write what differs: two readings of the same bytes may both have been masked."""
    for offset, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            out[at + offset] = after
