"""One rule in the form that decides: what it looks for, where, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from weirline.errors import FlowUsageError
from weirline.policy.action import BlockAction, Change
from weirline.policy.atom import AtomIndex, Atoms
from weirline.policy.category import CategoryIndex
from weirline.policy.condition import CompiledCondition, compile_condition
from weirline.policy.decision import Block, Mask
from weirline.policy.facts import Direction
from weirline.policy.policy import Mode, Policy, Rule

_ANYWHERE = CompiledCondition()


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its names resolved.

    `floors` is the least confidence that counts, by detector id. A rule has a mask, a block, both
    or none; none means that it observes.
    """

    id: str
    when: CompiledCondition
    unless: CompiledCondition | None
    floors: Mapping[str, float]
    at_least: int
    severity_rank: int
    mask: Mask | None
    block: Block | None
    shadow: bool

    def looks_at(self, direction: Direction, atoms: Atoms) -> bool:
        """Say whether the rule looks at a message with these bits."""
        if not self.when.holds(direction, atoms.loose):
            return False
        return self.unless is None or not self.unless.holds(direction, atoms.strict)


def compile_rule(
    rule: Rule, policy: Policy, categories: CategoryIndex, index: AtomIndex
) -> CompiledRule:
    """Compile one rule of a checked policy."""
    named = (rule.find.category,) if isinstance(rule.find.category, str) else rule.find.category
    floors: dict[str, float] = {}
    rank = 0
    for name in named:
        resolved = categories.resolve(name)
        if resolved is None or resolved.undefined or resolved.circular:
            raise FlowUsageError("a policy must be checked before it is compiled")
        rank = max(rank, resolved.severity_rank)
        for detector, floor in resolved.floors.items():
            floors[detector] = min(floor, floors.get(detector, floor))
    mask: Mask | None = None
    block: Block | None = None
    for action in rule.do:
        if isinstance(action, Change) and action.redact is not None:
            kept = action.redact.mask
            mask = Mask(keep_first=kept.keep_first, keep_last=kept.keep_last)
        if isinstance(action, Change) and action.block is not None:
            block = answer_of(action.block)
    selectors = policy.selectors
    return CompiledRule(
        id=rule.id,
        when=_ANYWHERE if rule.when is None else compile_condition(rule.when, selectors, index),
        unless=None if rule.unless is None else compile_condition(rule.unless, selectors, index),
        floors=floors,
        at_least=rule.find.at_least,
        severity_rank=rank,
        mask=mask,
        block=block,
        shadow=Mode.SHADOW in (policy.mode, rule.mode),
    )


def answer_of(action: BlockAction) -> Block:
    """Return the answer a block action gives; a body that is JSON is labelled as such."""
    if action.body is None:
        return Block(status=action.status)
    body = action.body.encode()
    media_type = "application/json" if _is_json(body) else "text/plain; charset=utf-8"
    return Block(status=action.status, body=body, content_type=media_type)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True
