"""Rules that decide about a request before any body comes: access, requirements, rate limits.

They look for no value, so they cost nothing but the facts of the request, and an upstream never
sees what they refuse. The strictest answer wins: a block over a rate limit; of two blocks the one
whose rule's id sorts first. Counts and time are the shell's: a `Meter` says if a limit is used up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from weirline.policy.actor import actors_of
from weirline.policy.compiled_rule import CompiledRule
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.decision import Block
from weirline.policy.facts import Facts
from weirline.policy.limit import RateLimit, limit_key
from weirline.window.sliding import Standing

BLOCK = "block"
RATE_LIMIT = "rate_limit"
OBSERVE = "observe"
ALERT = "alert"

_TOO_MANY = b'{"error":"too many requests"}\n'


class Meter(Protocol):
    """Keeps count of limited requests and of windows. One for a process; the shell's, with a clock.

    A message may count for two actors (`actor.actors_of`).
    """

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        """Take one request from the budget of `key`; return 0, or the seconds until the next."""
        ...

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        """Add to a window; return whether an actor went over its limit by that."""
        ...

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        """Say whether an actor of these facts is over the limit of a window."""
        ...


class Counted(NamedTuple):
    """One action of one rule about a request."""

    rule: str
    action: str
    shadow: bool


class GateDecision(NamedTuple):
    """What the rules without `find` say about a request: the answer in its place, tags, counts."""

    block: Block | None
    tags: tuple[tuple[bytes, bytes], ...]
    counted: tuple[Counted, ...]


def decide_gates(
    gates: Sequence[CompiledRule],
    facts: Facts,
    meter: Meter,
    windows: Sequence[CompiledWindow] = (),
) -> GateDecision:
    """Decide about a request; `gates` and `windows` are those whose selectors it meets."""
    counted: list[Counted] = []
    tags: list[tuple[bytes, bytes]] = []
    blocks: list[tuple[int, str, Block]] = []
    for rule in gates:
        if rule.require is not None and rule.require.holds(facts):
            continue
        acted = False
        if rule.block is not None:
            acted = True
            counted.append(Counted(rule.id, BLOCK, rule.shadow))
            blocks += [] if rule.shadow else [(0, rule.id, rule.block)]
        if rule.limit is not None:
            wait = meter.take(rule.id, limit_key(rule.limit, facts), rule.limit)
            if wait:
                acted = True
                counted.append(Counted(rule.id, RATE_LIMIT, rule.shadow))
                blocks += [] if rule.shadow else [(1, rule.id, _limited(wait))]
        if rule.limit is None or acted:
            if rule.alert:
                counted.append(Counted(rule.id, ALERT, rule.shadow))
            elif not acted:
                counted.append(Counted(rule.id, OBSERVE, rule.shadow))
            if not rule.shadow:
                tags += [tag.fill(rule.id, ()) for tag in rule.tags]
    for window in windows:
        blocks += _judge_actor(window, facts, meter, counted)
    block = min(blocks, key=lambda one: one[:2])[2] if blocks else None
    return GateDecision(block, tuple(tags), tuple(counted))


def _judge_actor(
    window: CompiledWindow, facts: Facts, meter: Meter, counted: list[Counted]
) -> list[tuple[int, str, Block]]:
    """Count a request in a window of requests, then act on it if its actor is over."""
    if not window.floors and meter.saw(Sighting(window, 1), facts):
        counted.append(went_over(window))
    standing = meter.standing(window, facts)
    if not standing.over:
        return []
    blocks: list[tuple[int, str, Block]] = []
    if window.block is not None and not standing.shared:
        counted.append(Counted(window.id, BLOCK, window.shadow))
        blocks.append((0, window.id, window.block))
    if window.limit is not None:
        actor = actors_of(window.per, facts)[-1].text
        wait = meter.take(window.id, actor, window.limit)
        if wait:
            counted.append(Counted(window.id, RATE_LIMIT, window.shadow))
            blocks.append((1, window.id, _limited(wait)))
    return [] if window.shadow else blocks


def went_over(window: CompiledWindow) -> Counted:
    """Return what is counted when an actor goes over the limit of a window."""
    return Counted(window.id, ALERT if window.alert else OBSERVE, window.shadow)


def _limited(wait: int) -> Block:
    return Block(
        status=429,
        body=_TOO_MANY,
        grpc_status=8,  # RESOURCE_EXHAUSTED
        headers=((b"retry-after", b"%d" % wait),),
    )
