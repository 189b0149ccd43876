"""Finds the rules that could look at a message without asking each of them.

Every rule is filed under what it needs most of all: the fewest bits of which one must hold (one
host, one callee), apart for each direction. A message asks only for the bits it has, so a policy of
ten thousand rules for a thousand hosts costs what the rules of one host cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weirline.policy.compiled_rule import CompiledRule
from weirline.policy.condition import CompiledCondition
from weirline.policy.facts import Direction


class RuleIndex:
    """The rules of one policy by bit and direction. Immutable; order of rules is kept."""

    __slots__ = ("_always", "_by_bit", "_rules")

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self._rules = tuple(rules)
        self._always: dict[Direction, list[int]] = {each: [] for each in Direction}
        self._by_bit: dict[Direction, dict[int, list[int]]] = {each: {} for each in Direction}
        for position, rule in enumerate(self._rules):
            bits = min((_bits(group) for group in _groups(rule.when)), key=len, default=None)
            for direction in _directions(rule.when):
                if bits is None:
                    self._always[direction].append(position)
                for bit in bits or ():
                    self._by_bit[direction].setdefault(bit, []).append(position)

    def possible(self, direction: Direction, bits: int) -> list[CompiledRule]:
        """Return every rule that could look at a message with these bits, and few others."""
        found = set(self._always[direction])
        by_bit = self._by_bit[direction]
        for bit in _bits(bits):
            found.update(by_bit.get(bit, ()))
        return [self._rules[position] for position in sorted(found)]


def _groups(condition: CompiledCondition) -> Iterator[int]:
    """Every set of bits of which one must hold, wherever in the condition it must."""
    yield from condition.groups
    for part in condition.every:
        yield from _groups(part)


def _directions(condition: CompiledCondition) -> tuple[Direction, ...]:
    wanted = set(Direction)
    parts = [condition]
    while parts:
        part = parts.pop()
        if part.direction is not None:
            wanted &= {part.direction}
        parts.extend(part.every)
    return tuple(wanted)


def _bits(number: int) -> list[int]:
    """The places of the bits of a number, small numbers however large it is; the highest first."""
    places: list[int] = []
    while number:
        place = number.bit_length()
        places.append(place)
        if not number & (number - 1):
            break  # the usual case, and cheap for a number of ten thousand bits
        number ^= 1 << (place - 1)
    return places
