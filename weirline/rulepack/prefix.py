"""From an expression to the one that matches whatever may still become a match.

For an expression r the *prefix expression* matches every text that is the beginning, or the whole,
of a text r matches. A stream asks it, anchored at the end of what has arrived, which bytes have to
wait. It may match a little more than that, never less: a byte too many waits, none slips out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, Sequence
from weirline.rulepack.width import widest

_LITERAL_WORTH: Final = 3  # bytes; behind a shorter literal the rest is kept
_WORD: Final = sum(
    1 << byte for first, last in (b"09", b"AZ", b"az") for byte in range(first, last + 1)
)
_FULL: Final = (1 << 256) - 1
_PLAIN: Final = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ @%&=:;,'\"/<>#~!"
)


def render(node: Node) -> str:
    """Return the RE2 text of a tree: no flags, no names, one byte a character (Latin-1)."""
    match node:
        case Bytes(mask):
            return _render_set(mask)
        case Fence():
            return r"\z" if node is Fence.END else r"\A" if node is Fence.START else node.value
        case Sequence(parts):
            return "".join(_grouped(part) for part in parts)
        case Choice(options):
            return "(?:" + "|".join(render(option) for option in options) + ")"
        case Repeat(item, low, high):
            return _grouped_item(render(item), item) + _count(low, high)
    assert_never(node)


def prefix_expression(node: Node) -> str:
    """Return an RE2 expression for every beginning of a match of `node`, the empty one too."""
    return _prefix(node)


def loose_prefix_expression(node: Node) -> str:
    """Return a much smaller expression that matches all the prefix expression does, and more.

    Counts are dropped, and behind a literal only the bytes that may follow are told apart from
    others. Many of these fit into one automaton, where their exact forms do not.
    """
    parts = flat(node)
    cut = leading_literal_end(parts)
    if leading_literal_width(node) < _LITERAL_WORTH:
        return _prefix(loosened(node))
    after = _any_of(parts[cut:])
    rest = (Repeat(Bytes(after), 0, None),) if after else ()
    return _prefix_of_parts((*parts[:cut], *rest))


def leading_literal(node: Node) -> bytes:
    """Return the text every match begins with, fences aside; empty where its case may vary."""
    parts = flat(node)
    literal = bytearray()
    for part in parts[_fences_end(parts) : leading_literal_end(parts)]:
        item, times = (part.item, part.low) if isinstance(part, Repeat) else (part, 1)
        if isinstance(item, Bytes):
            if item.mask.bit_count() > 1:
                return b""
            literal += bytes((item.mask.bit_length() - 1,)) * times
    return bytes(literal)


def loosened(node: Node) -> Node:
    """Return a tree that matches all `node` does, and more: counts above one have no bound."""
    match node:
        case Bytes() | Fence():
            return node
        case Sequence(parts):
            return Sequence(tuple(loosened(part) for part in parts))
        case Choice(options):
            return Choice(tuple(loosened(option) for option in options))
        case Repeat(item, low, high):
            return Repeat(loosened(item), min(low, 1), high if high in {0, 1} else None)
    assert_never(node)


def from_value(node: Node) -> Node:
    """Return a tree without the byte that a fence like `(?:^|[^0-9])` takes from the text before.

    That byte is no part of the value, and a stream that held it would hold the last byte of every
    text: the end of an event, say. What stands in its place lets through all it did, and more.
    """
    parts = flat(node)
    if not parts or not isinstance(parts[0], Choice):
        return node
    first, rest = parts[0], parts[1:]
    if not _is_fence(first):
        if Fence.START in first.options:  # a longer look at the text before, as `(?:^|[a-z]:)`
            return Sequence(rest)
        options = tuple(from_value(option) for option in first.options)
        return Sequence((Choice(options), *rest))
    taken = 0
    for option in first.options:
        if isinstance(option, Bytes) and option.mask.bit_count() > 1:
            taken |= option.mask
    if not taken:
        return node
    begins = rest[0].mask if rest and isinstance(rest[0], Bytes) else 0
    if taken & _WORD or not begins or begins & ~_WORD:
        return Sequence(rest)
    return Sequence((Choice((Fence.WORD, Bytes(1 << ord("_")))), *rest))


def _any_of(nodes: Iterable[Node]) -> int:
    mask = 0
    for node in nodes:
        match node:
            case Bytes(own):
                mask |= own
            case Fence():
                pass
            case Sequence(parts):
                mask |= _any_of(parts)
            case Choice(options):
                mask |= _any_of(options)
            case Repeat(item, _, _):
                mask |= _any_of((item,))
            case _:
                assert_never(node)
    return mask


def flat(node: Node) -> tuple[Node, ...]:
    """Return the parts of a sequence, sequences inside it opened up."""
    if not isinstance(node, Sequence):
        return (node,)
    return tuple(part for outer in node.parts for part in flat(outer))


def leading_literal_end(parts: tuple[Node, ...]) -> int:
    """Return how many of `parts` are fences and then literal bytes (either case); 0 if none.

    A choice of fences and single bytes, as `(?:^|[^0-9])`, is a fence too.
    """
    fences = _fences_end(parts)
    index = fences
    while index < len(parts):
        part = parts[index]
        if isinstance(part, Repeat) and part.low == part.high:
            part = part.item
        if not isinstance(part, Bytes) or not _is_letter(part.mask):
            break
        index += 1
    return index if index > fences else 0


def _fences_end(parts: tuple[Node, ...]) -> int:
    index = 0
    while index < len(parts) and _is_fence(parts[index]):
        index += 1
    return index


def _is_fence(node: Node) -> bool:
    if isinstance(node, Choice):
        return all(isinstance(option, Fence | Bytes) for option in node.options)
    return isinstance(node, Fence)


def leading_literal_width(node: Node) -> int:
    """Return how many bytes of literal text `node` begins with, fences before it aside."""
    parts = flat(node)
    literal = parts[_fences_end(parts) : leading_literal_end(parts)]
    return sum(widest(part) or 0 for part in literal)


def _is_letter(mask: int) -> bool:
    if mask.bit_count() == 1:
        return True
    lower = mask & ((1 << 26) - 1) << 97
    return mask.bit_count() == 2 and lower.bit_count() == 1 and mask == lower | lower >> 32


def _prefix(node: Node) -> str:
    match node:
        case Bytes():
            return render(node) + "?"
        case Fence():
            return ""
        case Sequence():
            return _prefix_of_parts(flat(node))
        case Choice(options):
            return "(?:" + "|".join(_prefix(option) for option in options) + ")"
        case Repeat(item, _, high):
            if high == 0:
                return ""
            if isinstance(item, Bytes):
                return render(item) + _count(0, high)
            if high == 1:
                return _prefix(item)
            before = None if high is None else high - 1
            return _grouped_item(render(item), item) + _count(0, before) + _prefix(item)
    assert_never(node)


def _prefix_of_parts(parts: tuple[Node, ...]) -> str:
    """P(ab...) is P(a) or a P(b...); where the second covers the first, the second alone."""
    if not parts:
        return ""
    result = _prefix(parts[-1])
    for part in reversed(parts[:-1]):
        whole = _grouped(part)
        if not result:
            result = _prefix(part)
        elif isinstance(part, Bytes | Fence):
            result = f"(?:{whole}{result})?"
        elif isinstance(part, Repeat) and part.low == 0 and isinstance(part.item, Bytes):
            result = whole + result
        else:
            result = f"(?:{_prefix(part)}|{whole}{result})"
    return result


def _grouped(node: Node) -> str:
    text = render(node)
    return f"(?:{text})" if isinstance(node, Sequence) else text


def _grouped_item(text: str, item: Node) -> str:
    return text if isinstance(item, Bytes | Choice) else f"(?:{text})"


def _count(low: int, high: int | None) -> str:
    if high is None:
        return "*" if low == 0 else "+" if low == 1 else f"{{{low},}}"
    if (low, high) == (0, 1):
        return "?"
    return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _render_set(mask: int) -> str:
    if mask == _FULL:
        return r"[\x00-\xff]"
    if mask.bit_count() == 1:
        return _render_byte(mask.bit_length() - 1)
    ranges = []
    byte = 0
    while mask >> byte:
        if mask >> byte & 1:
            last = byte
            while mask >> last + 1 & 1:
                last += 1
            dash = f"{_render_byte(byte)}-{_render_byte(last)}"
            ranges.append(dash if last > byte else _render_byte(byte))
            byte = last
        byte += 1
    return "[" + "".join(ranges) + "]"


def _render_byte(byte: int) -> str:
    return chr(byte) if byte in _PLAIN else f"\\x{byte:02x}"
