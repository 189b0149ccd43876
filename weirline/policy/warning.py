"""Warnings about a policy that can run as it stands: what its author should know and may want.

W01 says that somebody is told apart by what a client merely says, W02 that a part is used nowhere,
W03 that a detector has no check and no context; W04, of a secret in the file, is the command
line's, which has a scanner. A warning stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from weirline.errors import Problem
from weirline.policy.fault import Path, field_name
from weirline.policy.policy import Policy
from weirline.policy.rule_check import asks_claim, verifies
from weirline.policy.selector import Condition, Selector
from weirline.rulepack.entry import Place
from weirline.rulepack.expression import parse_expression
from weirline.rulepack.prefix import leading_literal_width

UNPROVEN = "W01"
UNUSED = "W02"
WEAK = "W03"
LOOKS_LIVE = "W04"
LITERAL_BYTES = 3  # in front of a pattern that say what a value is
_NO_PLACES: Mapping[Path, Place] = {}


def policy_warnings(
    policy: Policy, file: str, places: Mapping[Path, Place] = _NO_PLACES
) -> list[Problem]:
    """Return all warnings about a checked policy, in the order of the text that `places` knows."""
    found = (*_unproven(policy), *_unused(policy), *_weak(policy))
    told = [_problem(one, file, places) for one in found]
    return sorted(told, key=lambda one: (one.line, one.column, one.code))


def _problem(found: tuple[str, Path, str], file: str, places: Mapping[Path, Place]) -> Problem:
    code, path, mend = found
    known = (path[:end] for end in range(len(path), -1, -1) if path[:end] in places)
    place = places.get(next(known, ()), Place(line=0, column=0))
    return Problem(code, file, place.line, place.column, field_name(path), mend)


def _weak(policy: Policy) -> Iterator[tuple[str, Path, str]]:
    for position, written in enumerate(policy.detectors.values()):
        node = parse_expression(written.pattern, caseless=written.caseless)
        told_apart = written.check or written.near or written.not_near
        if not told_apart and leading_literal_width(node) < LITERAL_BYTES:
            mend = "nothing tells such a value from any other text: add a `check`, or words `near`"
            yield WEAK, ("detectors", position), mend


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
    conditions += [one for window in policy.windows for one in (window.when, window.unless)]
    selectors = {name for written in conditions for name in _names(written)}
    for position, name in enumerate(policy.selectors):
        if name not in selectors:
            yield UNUSED, ("selectors", position), "no rule uses this selector"
    used: set[str] = set()
    finds = [rule.find for rule in policy.rules] + [window.find for window in policy.windows]
    for find in finds:
        if find is not None:
            used |= {find.category} if isinstance(find.category, str) else set(find.category)
    grown = True
    while grown:
        members = {one for name in used & set(policy.categories) for one in _members(policy, name)}
        grown = not members <= used
        used |= members
    for position, name in enumerate(policy.categories):
        if name not in used:
            yield UNUSED, ("categories", position), "no rule looks for this category"
    for position, (name, written) in enumerate(policy.detectors.items()):
        if name not in used and written.category not in used:
            yield UNUSED, ("detectors", position), "no rule looks for what this detector finds"


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
