"""Warnings about a policy that can run as it stands: what its author should know and may want.

W01 says that somebody is told apart by what a client merely says, W02 that a part is used nowhere.
A warning stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from weirline.errors import Problem
from weirline.policy.fault import Path, field_name
from weirline.policy.policy import Policy
from weirline.policy.rule_check import asks_claim, verifies
from weirline.policy.selector import Condition, Selector

UNPROVEN = "W01"
UNUSED = "W02"


def policy_warnings(policy: Policy, file: str) -> list[Problem]:
    """Return all warnings about a checked policy, in the order of its parts."""
    found = (*_unproven(policy), *_unused(policy))
    return [Problem(code, file, 0, 0, field_name(path), mend) for code, path, mend in found]


def _unproven(policy: Policy) -> Iterator[tuple[str, Path, str]]:
    for position, rule in enumerate(policy.rules):
        for name, written in (("when", rule.when), ("unless", rule.unless)):
            if written is None:
                continue
            where = ("rules", position, name)
            if name == "unless" and _asks_header(written, policy):
                mend = "any client can send this header or parameter and so exempt itself"
                yield UNPROVEN, where, mend
            elif asks_claim(written, policy.selectors) and not verifies(policy):
                mend = "tokens are not verified: a client may leave this claim out"
                yield UNPROVEN, where, mend


def _unused(policy: Policy) -> Iterator[tuple[str, Path, str]]:
    conditions = [rule.when for rule in policy.rules] + [rule.unless for rule in policy.rules]
    conditions += [exception.when for exception in policy.exceptions]
    selectors = {name for written in conditions for name in _names(written)}
    for position, name in enumerate(policy.selectors):
        if name not in selectors:
            yield UNUSED, ("selectors", position), "no rule uses this selector"
    used: set[str] = set()
    for rule in policy.rules:
        if rule.find is not None:
            named = rule.find.category
            used |= {named} if isinstance(named, str) else set(named)
    grown = True
    while grown:
        members = {one for name in used & set(policy.categories) for one in _members(policy, name)}
        grown = not members <= used
        used |= members
    for position, name in enumerate(policy.categories):
        if name not in used:
            yield UNUSED, ("categories", position), "no rule looks for this category"


def _members(policy: Policy, name: str) -> tuple[str, ...]:
    return policy.categories[name].detect


def _names(written: str | Condition | None) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    elif written is not None:
        for part in (*(written.all or ()), *(written.any or ())):
            yield from _names(part)


def _asks_header(written: str | Selector, policy: Policy) -> bool:
    if isinstance(written, str):
        named = policy.selectors.get(written)
        return named is not None and _asks_header(named, policy)
    if written.header or written.query:
        return True
    parts = (*(written.all or ()), *(written.any or ())) if isinstance(written, Condition) else ()
    return any(_asks_header(part, policy) for part in parts)
