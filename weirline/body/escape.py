"""Undoes all escapes of one kind in a text, at C speed, and tells afterwards where they stood.

A few different escapes are replaced one after the other, many by one pass with a call for each; the
result is the same. The map back walks the source only when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import Final

from weirline.body.segment import Edit, Rewrite, Segment, View
from weirline.detect.finding import Step

_FEW: Final = 16  # different escapes; up to here one pass each is cheaper than a call for each
NO_TEXT: Final = b"\x80"  # stands for what is no character: no detector has it, no word does


def undone(
    source: View,
    escape: re.Pattern[bytes],
    value: Callable[[bytes], bytes],
    *,
    step: Step | None,
    rewrite: Rewrite | None = None,
    unsafe: bytes | None,
) -> Segment:
    """Return the view of `source` in which every match of `escape` is what `value` says.

    Each is replaced on its own: what two of them make together is not an escape again. `unsafe` are
    the bytes that could make one: where a value holds one of them, or where one escape stands in
    another, all go in one pass. None: always so.
    """
    text = source.text
    table = {one: value(one) for one in set(escape.findall(text))}
    if unsafe is None or len(table) > _FEW or _clash(table, unsafe):
        view = escape.sub(lambda found: table[found[0]], text)
    else:
        view = text
        for one, made in table.items():
            view = view.replace(one, made)

    def edits() -> Iterable[Edit]:
        return edits_of(escape, table, text)

    return Segment(view, source=source, step=step, edits=edits, rewrite=rewrite)


def _clash(table: dict[bytes, bytes], unsafe: bytes) -> bool:
    if any(byte in made for made in table.values() for byte in unsafe):
        return True
    return any(one in other for one, other in permutations(table, 2))


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
