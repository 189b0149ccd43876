"""One rule in the form that decides: what it looks for, where, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from weirline.errors import FlowUsageError
from weirline.policy.action import BlockAction, MaskAction, RedactAction
from weirline.policy.around import NOWHERE, Around
from weirline.policy.atom import AtomIndex, Atoms
from weirline.policy.category import CategoryIndex
from weirline.policy.condition import CompiledCondition, compile_condition
from weirline.policy.decision import Block, KeyedHash, Mask, Operator, Remove, Replace, Tokenise
from weirline.policy.facts import Direction
from weirline.policy.limit import RateLimit, compile_limit
from weirline.policy.policy import Mode, Policy, Rule
from weirline.policy.requirement import CompiledRequire, compile_require
from weirline.policy.selector import Selector
from weirline.policy.tag import Tag

_ANYWHERE = CompiledCondition()


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its names resolved.

    `floors` is the least confidence that counts, by detector id; a rule without any is a gate,
    which decides about requests alone. A rule has a mask, a block, both or none; none means that it
    observes. `exempt` are its exceptions that are not past.
    """

    id: str
    when: CompiledCondition
    unless: CompiledCondition | None
    floors: Mapping[str, float]
    at_least: int
    severity_rank: int
    mask: Operator | None
    block: Block | None
    shadow: bool
    distinct: int = 0
    require: CompiledRequire | None = None
    limit: RateLimit | None = None
    alert: bool = False
    tags: tuple[Tag, ...] = ()
    exempt: tuple[CompiledCondition, ...] = ()

    def looks_at(self, direction: Direction, atoms: Atoms) -> bool:
        """Say whether the rule looks at a message with these bits."""
        if not self.when.holds(direction, atoms.loose):
            return False
        if self.unless is not None and self.unless.holds(direction, atoms.strict):
            return False
        return not any(one.holds(direction, atoms.strict) for one in self.exempt)


class _Actions(msgspec.Struct):
    """What the actions of one rule come to."""

    mask: Operator | None = None
    block: Block | None = None
    limit: RateLimit | None = None
    alert: bool = False
    tags: tuple[Tag, ...] = ()


def compile_rule(
    rule: Rule,
    policy: Policy,
    categories: CategoryIndex,
    index: AtomIndex,
    *,
    around: Around = NOWHERE,
) -> CompiledRule:
    """Compile one rule of a checked policy."""
    floors, rank = floors_of(() if rule.find is None else rule.find.category, categories)
    actions = _actions(rule, around)
    selectors = policy.selectors
    gate = Selector(direction=Direction.REQUEST) if rule.find is None else None
    when = _ANYWHERE if rule.when is None else compile_condition(rule.when, selectors, index)
    if gate is not None:
        when = CompiledCondition(every=(when, compile_condition(gate, selectors, index)))
    return CompiledRule(
        id=rule.id,
        when=when,
        unless=None if rule.unless is None else compile_condition(rule.unless, selectors, index),
        floors=floors,
        at_least=1 if rule.find is None else rule.find.at_least,
        severity_rank=rank,
        mask=actions.mask,
        block=actions.block,
        shadow=Mode.SHADOW in (policy.mode, rule.mode),
        distinct=rule.find.distinct.at_least if rule.find and rule.find.distinct else 0,
        require=compile_require(rule.require, rule.when, selectors) if rule.require else None,
        limit=actions.limit,
        alert=actions.alert,
        tags=actions.tags,
        exempt=tuple(
            compile_condition(one.when, selectors, index)
            for one in policy.exceptions
            if one.rule == rule.id and around.today <= (one.until or "")
        ),
    )


def floors_of(
    category: str | tuple[str, ...], categories: CategoryIndex
) -> tuple[dict[str, float], int]:
    """Return the least confidence that counts by detector, and the rank of the worst category."""
    named = (category,) if isinstance(category, str) else category
    floors: dict[str, float] = {}
    rank = 0
    for name in named:
        resolved = categories.resolve(name)
        if resolved is None or resolved.undefined or resolved.circular:
            raise FlowUsageError("a policy must be checked before it is compiled")
        rank = max(rank, resolved.severity_rank)
        for detector, floor in resolved.floors.items():
            floors[detector] = min(floor, floors.get(detector, floor))
    return floors, rank


def _actions(rule: Rule, around: Around) -> _Actions:
    result = _Actions()
    for action in rule.do:
        if isinstance(action, str):
            result.alert = result.alert or action == "alert"
            continue
        if action.redact is not None:
            result.mask = operator_of(action.redact, around.hash_key)
        if action.tokenise is not None:
            result.mask = Tokenise(around.named_key(action.tokenise.key))
        if action.block is not None:
            result.block = answer_of(action.block)
        if action.rate_limit is not None:
            result.limit = compile_limit(action.rate_limit)
        if action.tag_header is not None:
            named = action.tag_header.items()
            result.tags = tuple(Tag(name.encode(), text) for name, text in named)
        result.alert = result.alert or action.alert is not None
    return result


def operator_of(action: RedactAction, hash_key: bytes) -> Operator:
    """Return how a redact action makes a value unreadable."""
    if action.remove is not None:
        return Remove()
    if action.replace is not None:
        return Replace(action.replace.encode())
    if action.hash is not None:
        return KeyedHash(hash_key)
    kept = action.mask or MaskAction()
    return Mask(keep_first=kept.keep_first, keep_last=kept.keep_last)


def answer_of(action: BlockAction) -> Block:
    """Return the answer a block action gives; a body that is JSON is labelled as such."""
    if action.body is None:
        return Block(status=action.status, grpc_status=action.grpc_status)
    body = action.body.encode()
    media_type = "application/json" if _is_json(body) else "text/plain; charset=utf-8"
    return Block(action.status, body, media_type, action.grpc_status)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True
