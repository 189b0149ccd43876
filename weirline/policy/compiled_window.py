"""One window in the form that decides: what it counts, where, for whom, and what it does.

What is kept of a value is 64 bits of a keyed hash, so that values can be told apart over many
exchanges and nobody can guess them back. Source of the hash: RFC 2104.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from weirline.detect.finding import Finding
from weirline.policy.action import BlockAction
from weirline.policy.around import Around
from weirline.policy.atom import AtomIndex, Atoms
from weirline.policy.category import CategoryIndex
from weirline.policy.compiled_rule import answer_of, floors_of
from weirline.policy.condition import CompiledCondition, compile_condition
from weirline.policy.decision import Block
from weirline.policy.facts import Direction
from weirline.policy.limit import RateLimit, compile_limit, seconds
from weirline.policy.policy import Measure, Mode, Policy, WindowRule
from weirline.policy.selector import Selector
from weirline.window.sliding import Spec

_ANYWHERE = CompiledCondition()
_ON_REQUESTS = Selector(direction=Direction.REQUEST)
_SEPARATORS = b" -./\t"
_MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class CompiledWindow:
    """A window with its names resolved.

    `floors` is the least confidence that counts, by detector id; empty where requests are counted
    whatever they hold. `key` is what values are hashed with.
    """

    id: str
    spec: Spec
    per: tuple[str, ...]
    measure: Measure
    when: CompiledCondition
    unless: CompiledCondition | None
    floors: Mapping[str, float]
    block: Block | None
    limit: RateLimit | None
    alert: bool
    shadow: bool
    key: bytes = field(default=bytes(32), repr=False)

    def looks_at(self, direction: Direction, atoms: Atoms) -> bool:
        """Say whether the window counts in a message with these bits."""
        if not self.when.holds(direction, atoms.loose):
            return False
        return self.unless is None or not self.unless.holds(direction, atoms.strict)

    def mark(self, value: bytes) -> int:
        """Return what stands for a value; separators and case play no part."""
        plain = value.translate(None, _SEPARATORS).lower()
        return int.from_bytes(hmac.digest(self.key, plain, "sha256")[:_MARK_BYTES])


class Sighting(NamedTuple):
    """What one piece of a message adds to a window: matches, and marks of what is told apart."""

    window: CompiledWindow
    matches: int
    marks: tuple[int, ...] = ()


def sightings(
    windows: Sequence[CompiledWindow], findings: Sequence[Finding], text: bytes
) -> tuple[Sighting, ...]:
    """Return what the findings of a piece of `text` add to each window that counts in it."""
    seen: list[Sighting] = []
    for window in windows:
        floors = window.floors
        found = [
            one
            for one in findings
            if one.detector in floors and one.confidence >= floors[one.detector]
        ]
        if not found:
            continue
        marks: tuple[int, ...] = ()
        if window.measure is Measure.DISTINCT_VALUES:
            marks = tuple({window.mark(text[one.start : one.end]) for one in found})
        elif window.measure is Measure.DISTINCT_KINDS:
            marks = tuple({window.mark(one.detector.encode()) for one in found})
        seen.append(Sighting(window, len(found), marks))
    return tuple(seen)


def compile_window(
    written: WindowRule,
    policy: Policy,
    categories: CategoryIndex,
    index: AtomIndex,
    *,
    around: Around,
) -> CompiledWindow:
    """Compile one window of a checked policy."""
    selectors = policy.selectors
    when = _ANYWHERE if written.when is None else compile_condition(written.when, selectors, index)
    floors: Mapping[str, float] = {}
    if written.find is None:
        when = CompiledCondition(every=(when, compile_condition(_ON_REQUESTS, selectors, index)))
    else:
        floors, _ = floors_of(written.find.category, categories)
    unless = written.unless
    actions = _actions(written)
    return CompiledWindow(
        id=written.id,
        spec=Spec(
            written.id,
            distinct=written.count in (Measure.DISTINCT_VALUES, Measure.DISTINCT_KINDS),
            over_s=seconds(written.over),
            more_than=written.more_than,
            hold_s=seconds(written.hold or written.over),
        ),
        per=written.per,
        measure=written.count,
        when=when,
        unless=None if unless is None else compile_condition(unless, selectors, index),
        floors=floors,
        block=actions.block,
        limit=actions.limit,
        alert=actions.alert,
        shadow=Mode.SHADOW in (policy.mode, written.mode),
        key=around.value_key,
    )


class _Actions(msgspec.Struct):
    block: Block | None = None
    limit: RateLimit | None = None
    alert: bool = False


def _actions(written: WindowRule) -> _Actions:
    result = _Actions()
    for action in written.do:
        if isinstance(action, str):
            result.alert = result.alert or action == "alert"
            continue
        if isinstance(action.block, BlockAction):
            result.block = answer_of(action.block)
        if action.rate_limit is not None:
            result.limit = compile_limit(action.rate_limit)
        result.alert = result.alert or action.alert is not None
    return result
