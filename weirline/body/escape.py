"""Undoes all escapes of one kind in a text, at C speed, and tells afterwards where they stood.

A few different escapes are replaced one after the other, many by cutting the text at each; the
result is the same. The map back walks the source only when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from weirline.body.segment import Edit, Rewrite, Segment, View
from weirline.detect.finding import Step

_FEW: Final = 16  # different escapes; up to here one pass each is cheaper than a call for each
_HOLDERS: Final = (*range(0x0E, 0x1B), *range(0xF5, 0x100))  # bytes that are in no text
NO_TEXT: Final = b"\x80"  # stands for what is no character: no detector has it, no word does


def undone(
    source: View,
    escape: re.Pattern[bytes],
    value: Callable[[bytes], bytes],
    *,
    step: Step | None,
    rewrite: Rewrite | None = None,
    unsafe: bytes | None,
    fast: Callable[[bytes], bytes] | None = None,
) -> Segment:
    """Return the view of `source` in which every match of `escape` is what `value` says.

    `escape` has one group, which is all of it. Each match is replaced on its own: what two of them
    make together is not an escape again. `unsafe` are the bytes that could make one. None where one
    escape may stand in another: then all are replaced in one pass. `fast` makes the same text,
    where it is built.
    """
    text = source.text
    table: dict[bytes, bytes] = {}
    view: bytes | None = None
    if fast is not None:
        view = fast(text)
    elif unsafe is not None:
        view = _one_by_one(text, escape, value, unsafe, table)
    if view is None:
        pieces = escape.split(text)
        table = {one: value(one) for one in set(pieces[1::2])}
        pieces[1::2] = [table[one] for one in pieces[1::2]]
        view = b"".join(pieces)

    def edits() -> Iterable[Edit]:
        if not table:
            table.update((one, value(one)) for one in set(escape.findall(text)))
        return edits_of(escape, table, text)

    return Segment(view, source=source, step=step, edits=edits, rewrite=rewrite)


def _one_by_one(
    text: bytes,
    escape: re.Pattern[bytes],
    value: Callable[[bytes], bytes],
    unsafe: bytes,
    table: dict[bytes, bytes],
) -> bytes | None:
    """Return `text` without escapes, `table` filled; None if there are too many different ones.

    A value that could make an escape with what stands next to it, or lets its neighbours make one,
    is held by a byte that the text does not have until the others are done.
    """
    held: list[tuple[bytes, bytes]] = []
    position = 0
    while (found := escape.search(text, position)) is not None:
        if len(table) == _FEW:
            return None
        one = found[0]
        made = table[one] = value(one)
        if any(holder in made for holder, _ in held):
            return None
        if not made or any(byte in made for byte in unsafe):
            free = next((bytes((n,)) for n in _HOLDERS if n not in text), None)
            if free is None:
                return None
            held.append((free, made))
            made = free
        position = found.start()
        text = text.replace(one, made)
    for free, made in held:
        text = text.replace(free, made)
    return text


def edits_of(escape: re.Pattern[bytes], table: dict[bytes, bytes], source: bytes) -> Iterator[Edit]:
    """Yield what became of each escape in `source`, in order."""
    shift = 0
    for found in escape.finditer(source):
        begin, end = found.span()
        made = len(table[found[0]])
        yield Edit(begin - shift, made, begin, end - begin)
        shift += end - begin - made


def utf8(code: int) -> bytes:
    """Return the character `code` in UTF-8; NO_TEXT for what is none."""
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return NO_TEXT
    return chr(code).encode()
