"""A condition of a rule, compiled: which bits must hold and which direction is meant.

Conditions only ever ask for things to hold, never for things not to hold, so more bits can never
make one false. `unless` relies on that: see `path_template` on readings of a path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from weirline.errors import FlowUsageError
from weirline.policy.atom import CALLEE_KINDS, CALLER_KINDS, AtomIndex, AtomKind
from weirline.policy.facts import Direction
from weirline.policy.selector import Condition, Selector, alternatives
from weirline.policy.who_atom import SEPARATOR


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """All of it must hold: the direction, one bit of each group, all of `every`, one of `some`."""

    direction: Direction | None = None
    groups: tuple[int, ...] = ()
    every: tuple[CompiledCondition, ...] = ()
    some: tuple[CompiledCondition, ...] = ()

    def holds(self, direction: Direction, bits: int) -> bool:
        """Say whether the condition holds for a message with these bits."""
        if self.direction is not None and self.direction is not direction:
            return False
        for group in self.groups:
            if not bits & group:
                return False
        if self.some and not any(part.holds(direction, bits) for part in self.some):
            return False
        return all(part.holds(direction, bits) for part in self.every)


def compile_condition(
    written: str | Selector, selectors: Mapping[str, Selector], index: AtomIndex
) -> CompiledCondition:
    """Compile a condition; names must be defined (`check` sees to that), else FlowUsageError."""
    if isinstance(written, str):
        if written not in selectors:
            raise FlowUsageError("a policy must be checked before it is compiled")
        written = selectors[written]
    fields = (
        (AtomKind.HOST, written.host),
        (AtomKind.PATH, written.path),
        (AtomKind.METHOD, written.method),
        (AtomKind.CONTENT_TYPE, written.content_type),
    )
    groups = tuple(
        index.bit(kind, values[0])
        if len(values) == 1
        else sum({index.bit(kind, value) for value in values})
        for kind, values in (*_plain(fields), *_who(written))
    )
    every: tuple[CompiledCondition, ...] = ()
    some: tuple[CompiledCondition, ...] = ()
    if isinstance(written, Condition):
        every = tuple(compile_condition(part, selectors, index) for part in written.all or ())
        some = tuple(compile_condition(part, selectors, index) for part in written.any or ())
    return CompiledCondition(written.direction, groups, every, some)


def _plain(
    fields: Iterable[tuple[AtomKind, str | tuple[str, ...] | None]],
) -> Iterator[tuple[AtomKind, tuple[str, ...]]]:
    for kind, field in fields:
        values = alternatives(field)
        if values is not None:
            yield kind, values


def _who(written: Selector) -> Iterator[tuple[AtomKind, tuple[str, ...]]]:
    """What a selector asks about who talks: for each field the values of which one is enough."""
    for party, kinds in ((written.caller, CALLER_KINDS), (written.callee, CALLEE_KINDS)):
        if party is not None:
            wanted = (party.spiffe, party.namespace, party.service, party.outside)
            yield from _plain(zip(kinds, wanted, strict=True))
    yield from _plain([(AtomKind.ADDRESS, written.address)])
    for kind, fields in (
        (AtomKind.QUERY, written.query),
        (AtomKind.HEADER, written.header),
        (AtomKind.CLAIM, written.claim),
    ):
        for name, field in (fields or {}).items():
            key = name.lower() if kind is AtomKind.HEADER else name
            yield kind, tuple(key + SEPARATOR + value for value in alternatives(field) or ())
