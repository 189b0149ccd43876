"""Breaks recorded messages in the ways a broken or hostile peer might, from a seeded generator.

Works on the wire format alone (tags, varints, lengths), so that it makes what no library would.
Source: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_ARMS = range(2, 8)  # the oneof of ProcessingRequest


class Field(NamedTuple):
    """One field on the wire: its number and type, and what follows the tag (length included)."""

    number: int
    wire_type: int
    rest: bytes

    def write(self) -> bytes:
        """The field as bytes again."""
        return varint(self.number << 3 | self.wire_type) + self.rest

    @property
    def content(self) -> bytes:
        """What a field of bytes holds."""
        _, at = read_varint(self.rest, 0)
        return self.rest[at:]

    def holding(self, content: bytes) -> Field:
        """The same field with other content and the right length."""
        return self._replace(rest=varint(len(content)) + content)


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends. Raises IndexError where it does not."""
    number = shift = 0
    while True:
        byte = raw[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def split(raw: bytes) -> list[Field] | None:
    """The fields of a message in their order, None if it is not one."""
    fields = []
    at = 0
    try:
        while at < len(raw):
            tag, start = read_varint(raw, at)
            wire_type = tag & 7
            if wire_type == _VARINT:
                _, at = read_varint(raw, start)
            elif wire_type == _BYTES:
                size, body = read_varint(raw, start)
                at = body + size
            elif wire_type in (_FIXED64, _FIXED32):
                at = start + (8 if wire_type == _FIXED64 else 4)
            else:
                return None
            if at > len(raw) or tag < 8:
                return None
            fields.append(Field(tag >> 3, wire_type, raw[start:at]))
    except IndexError:
        return None
    return fields


def join(fields: Sequence[Field]) -> bytes:
    """A message of these fields."""
    return b"".join(field.write() for field in fields)


def flip_bits(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """One to eight bits turned anywhere."""
    out = bytearray(raw)
    for _turn in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def truncate(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """Cut off somewhere."""
    return raw[: rng.randrange(len(raw))]


def duplicate_field(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """A field twice, at any depth."""

    def twice(fields: list[Field]) -> list[Field]:
        at = rng.randrange(len(fields))
        return [*fields[: at + 1], *fields[at:]]

    return _at_any_depth(raw, rng, twice)


def remove_field(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """A field missing, at any depth."""

    def fewer(fields: list[Field]) -> list[Field]:
        at = rng.randrange(len(fields))
        return fields[:at] + fields[at + 1 :]

    return _at_any_depth(raw, rng, fewer)


def reorder_fields(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """Fields in another order, at any depth."""

    def shuffled(fields: list[Field]) -> list[Field]:
        return rng.sample(fields, len(fields))

    return _at_any_depth(raw, rng, shuffled)


def swap_arm(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """What the message reports under the name of another report."""
    fields = split(raw) or []
    arms = [
        field._replace(number=rng.choice(_ARMS)) if field.number in _ARMS else field
        for field in fields
    ]
    return join(arms)


def claim_huge_length(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """A length far beyond the message, at any depth."""

    def huge(fields: list[Field]) -> list[Field]:
        at = rng.randrange(len(fields))
        claimed = varint(1 << rng.randint(16, 62))
        return [*fields[:at], fields[at]._replace(wire_type=_BYTES, rest=claimed), *fields[at:]]

    return _at_any_depth(raw, rng, huge)


def new_number(raw: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """A field under a number of its own, known or not, or a number of any size in it."""

    def renumbered(fields: list[Field]) -> list[Field]:
        at = rng.randrange(len(fields))
        field = fields[at]
        if field.wire_type == _VARINT and rng.random() < 0.5:
            changed = field._replace(rest=varint(rng.getrandbits(rng.randint(1, 64))))
        else:
            changed = field._replace(number=rng.choice((*range(1, 17), 1 << 20)))
        return [*fields[:at], changed, *fields[at + 1 :]]

    return _at_any_depth(raw, rng, renumbered)


def splice(raw: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    """Another message in its place, before it or behind it (protobuf merges the two)."""
    other = rng.choice(others)
    return rng.choice((other, raw + other, other + raw))


Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]

MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    truncate,
    duplicate_field,
    remove_field,
    reorder_fields,
    swap_arm,
    claim_huge_length,
    new_number,
    splice,
)


def _at_any_depth(
    raw: bytes, rng: random.Random, change: Callable[[list[Field]], list[Field]]
) -> bytes:
    """Change the fields of the message, or of a message in it; lengths around it stay right."""
    fields = split(raw)
    if not fields:
        return raw
    inner = [at for at, field in enumerate(fields) if _is_message(field)]
    if inner and rng.random() < 0.6:
        at = rng.choice(inner)
        fields[at] = fields[at].holding(_at_any_depth(fields[at].content, rng, change))
        return join(fields)
    return join(change(fields))


def _is_message(field: Field) -> bool:
    # Text can look like a message; then it is changed like one, which does no harm here.
    return field.wire_type == _BYTES and len(field.rest) > 2 and bool(split(field.content))
