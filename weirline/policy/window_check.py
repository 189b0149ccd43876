"""Checks what a window needs to make sense: somebody to count for, something to count, an end.

As `rule_check`: each fault is a code, a path below the window, and the way to mend it.
"""

from __future__ import annotations

from collections.abc import Iterator

from weirline.policy.action import GRPC_STATUS_MAX, STATUS_MAX, STATUS_MIN, Change, Per
from weirline.policy.fault import (
    CONFLICT,
    IMPOSSIBLE,
    NEVER_MATCHES,
    NO_ACTOR,
    SHAPE,
    UNVERIFIED,
    listed,
)
from weirline.policy.meet import can_hold
from weirline.policy.policy import Measure, Policy, Report, WindowRule
from weirline.policy.rule_check import ON_REQUESTS, UNVERIFIED_MEND, Wrong, asks_claim, verifies
from weirline.policy.selector import Condition

_ACTIONS = ("block", "rate_limit", "alert", "observe")
_CLAIM = "claim:"


def window_faults(window: WindowRule, policy: Policy) -> Iterator[Wrong]:
    """Yield what is wrong with one window, apart from names."""
    token = policy.defaults.token
    for index, name in enumerate(window.per):
        if name == "token" and token is None:
            mend = "no token to tell actors apart by: add `defaults.token`, or use `address`"
            yield NO_ACTOR, ("per", index), mend
        elif name.startswith(_CLAIM) and (token is None or token.jwt is None):
            yield NO_ACTOR, ("per", index), "no token to read claims from: add `defaults.token.jwt`"
    if window.find is None and window.count is not Measure.REQUESTS:
        yield IMPOSSIBLE, ("count",), "without `find` a window counts `requests`: say what to find"
    if window.find is not None and window.count is Measure.DISTINCT_VALUES:
        named = window.find.category
        for name in (named,) if isinstance(named, str) else named:
            own = policy.categories.get(name)
            if own is not None and own.report is Report.COUNT:
                mend = "values of a category with `report: count` are not kept: count `matches`"
                yield NO_ACTOR, ("count",), mend
    yield from _where(window, policy)
    yield from _actions(window)


def _where(window: WindowRule, policy: Policy) -> Iterator[Wrong]:
    selectors = policy.selectors
    parts = [] if window.when is None else [window.when]
    if window.find is None:
        parts.append(ON_REQUESTS)
    if not can_hold(Condition(all=tuple(parts)), selectors):
        mend = "no message can meet all of this at once"
        if window.find is None:
            mend += "; without `find` a window counts requests"
        yield NEVER_MATCHES, ("when",), mend
    elif window.unless is not None and not can_hold(
        Condition(all=(*parts, window.unless)), selectors
    ):
        yield NEVER_MATCHES, ("unless",), "this never meets a message the window counts in"
    if window.unless is not None and asks_claim(window.unless, selectors) and not verifies(policy):
        yield UNVERIFIED, ("unless",), UNVERIFIED_MEND


def _bounds(action: Change) -> Iterator[Wrong]:
    if action.rate_limit is not None and action.rate_limit.by is not Per.TOKEN:
        mend = "a window limits each of its own actors: leave `by` out"
        yield IMPOSSIBLE, ("rate_limit", "by"), mend
    if action.block is not None:
        if not STATUS_MIN <= action.block.status <= STATUS_MAX:
            mend = f"a status from {STATUS_MIN} to {STATUS_MAX}, such as 403"
            yield IMPOSSIBLE, ("block", "status"), mend
        if not 1 <= action.block.grpc_status <= GRPC_STATUS_MAX:
            mend = f"a status from 1 to {GRPC_STATUS_MAX}, such as 7 (PERMISSION_DENIED)"
            yield IMPOSSIBLE, ("block", "grpc_status"), mend


def _actions(window: WindowRule) -> Iterator[Wrong]:
    first: dict[str, int] = {}
    for index, action in enumerate(window.do):
        where = ("do", index)
        given = (
            [action]
            if isinstance(action, str)
            else [name for name in Change.__struct_fields__ if getattr(action, name) is not None]
        )
        if len(given) != 1:
            yield SHAPE, where, f"exactly one of {listed(_ACTIONS)} for each entry"
            continue
        kind = given[0]
        if kind not in _ACTIONS:
            yield IMPOSSIBLE, where, f"a window acts on later requests: {listed(_ACTIONS)}"
        if first.setdefault(kind, index) != index:
            yield CONFLICT, where, f"this window has an action `{kind}` already: keep one"
        if isinstance(action, Change):
            yield from ((code, (*where, *path), mend) for code, path, mend in _bounds(action))
    if window.hold is None and ("block" in first or "rate_limit" in first):
        yield NO_ACTOR, ("for",), "how long it blocks or limits: add `for`, such as 30m"
