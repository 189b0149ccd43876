"""Puts what stands in for values into a text: one new text, joined once.

Where the bytes of a value are not its text (base64, UTF-16), the value is masked in the text that
they stand for, and that is written in their place again. Refuses spans that overlap or leave the
text (findings come resolved, so either is a fault of ours), and values that cannot be masked byte
for byte: masking the wrong bytes, or half of them, would be worse than failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from weirline.body.reading import follow
from weirline.body.segment import Patch, View
from weirline.detect.finding import Way
from weirline.errors import FlowUsageError, WeirlineError
from weirline.policy.decision import Redaction, Remove, Replace
from weirline.redact.operator import of_any_length, of_same_length


class CannotMask(WeirlineError):
    """A value is written so that nothing of the same length can take its place."""

    def __init__(self) -> None:
        super().__init__("a value cannot be masked in place")


def rewrite(text: bytes, redactions: Sequence[Redaction]) -> bytes:
    """Return `text` with every span masked; the same object where there is nothing to mask.

    Spans may come in any order but must not overlap, else FlowUsageError. Raises CannotMask where a
    value is written so that nothing of the same length can take its place. Cost: one copy of the
    text, and a look at each masked value's bytes.
    """
    if not redactions:
        return text
    _refuse_overlaps(text, redactions)
    followed: dict[Way, list[Redaction]] = {}
    for redaction in sorted(redactions, key=_start):
        followed.setdefault(redaction.finding.way, []).append(redaction)
    # The deepest first: a mask leaves what leads to it readable, and nothing of what is in it.
    for way in sorted(followed, key=len, reverse=True):
        text = _applied(text, _patches(text, way, followed[way]))
    return text


def rewrite_freely(text: bytes, redactions: Sequence[Redaction]) -> bytes:
    """Return `text` with what each redaction wants in its span's place; the length may change.

    For a text that is seen whole and whose length can still be told. Else like `rewrite`, which
    puts a full mask where a text of another length is wanted.
    """
    result = rewrite(text, redactions)
    free = [
        one for one in redactions if isinstance(one.mask, Replace | Remove) and not one.finding.way
    ]
    for redaction in sorted(free, key=_start, reverse=True):
        start, end = redaction.finding.start, redaction.finding.end
        wanted = of_any_length(text, start, end, operator=redaction.mask)
        result = result[:start] + wanted + result[end:]
    return result


def _applied(text: bytes, patches: Iterable[Patch]) -> bytes:
    parts: list[bytes] = []
    position = 0
    for start, masked in patches:
        if start < position:
            raise CannotMask
        parts.append(text[position:start])
        parts.append(masked)
        position = start + len(masked)
    parts.append(text[position:])
    return b"".join(parts)


def _refuse_overlaps(text: bytes, redactions: Sequence[Redaction]) -> None:
    position = 0
    for redaction in sorted(redactions, key=_start):
        start, end = redaction.finding.start, redaction.finding.end
        if start < position or end < start or end > len(text):
            raise FlowUsageError("spans to mask overlap or leave the text")
        position = end


def _start(redaction: Redaction) -> int:
    return redaction.finding.start


def _patches(text: bytes, way: Way, group: Sequence[Redaction]) -> Iterator[Patch]:
    """Yield what takes the place of the values of `group`, in order, all written in one way."""
    if way:
        view = follow(text, way)
        if view is None:
            raise CannotMask
        yield from _through(view, group)
        return
    for finding, operator in ((one.finding, one.mask) for one in group):
        masked = of_same_length(text, finding.start, finding.end, operator=operator)
        yield Patch(finding.start, masked)


class _Span(NamedTuple):
    """Where a value stands in a view, and what takes its place."""

    start: int
    end: int
    masked: bytes


def _through(view: View, group: Sequence[Redaction]) -> Iterator[Patch]:
    """Mask in `view` and yield how that is written on the wire.

    Values that touch are written together: in base64 they share a letter.
    """
    spans = [_masked(view, redaction) for redaction in group]
    run: list[_Span] = spans[:1]
    for (one, redaction), (other, following) in pairwise(zip(spans, group, strict=True)):
        if redaction.finding.end < following.finding.start:
            yield _lifted(view, run)
            run = []
        elif other.start > one.end:  # what they share belongs to both, and is hidden
            run.append(_Span(one.end, other.start, b"*" * (other.start - one.end)))
        run.append(other)
    yield _lifted(view, run)


def _masked(view: View, redaction: Redaction) -> _Span:
    finding = redaction.finding
    start = _least(view, finding.start)
    end = _most(view, start, finding.end)
    while start < end and _is_nowhere(view, start):
        start += 1
    while start < end and _is_nowhere(view, end - 1):
        end -= 1
    if start >= end:
        raise CannotMask
    return _Span(start, end, of_same_length(view.text, start, end, operator=redaction.mask))


def _lifted(view: View, run: Iterable[_Span]) -> Patch:
    spans = list(run)
    patch = view.lift(Patch(spans[0].start, b"".join(span.masked for span in spans)))
    if patch is None:
        raise CannotMask
    return patch


def _is_nowhere(view: View, at: int) -> bool:
    """Say whether the byte at `at` stands for nothing on the wire, as between two pieces."""
    low, high = view.to_wire(at, at + 1)
    return low >= high


def _least(view: View, wire: int) -> int:
    """Return the first byte of `view` that was made from nothing before offset `wire`."""
    low, high = 0, len(view.text)
    while low < high:
        middle = (low + high) // 2
        if view.to_wire(middle, middle + 1)[0] < wire:
            low = middle + 1
        else:
            high = middle
    return low


def _most(view: View, low: int, wire: int) -> int:
    """Return the end of the bytes of `view` from `low` on that were made from nothing beyond."""
    high = len(view.text)
    while low < high:
        middle = (low + high + 1) // 2
        if view.to_wire(middle - 1, middle)[1] > wire:
            high = middle - 1
        else:
            low = middle
    return low
