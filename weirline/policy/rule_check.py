"""Checks what rules without `find`, requirements, tokens and exceptions need to make sense.

Each function yields what is wrong as a code, a path below the policy, and the way to mend it; where
that stands in the text and how it is told is `check`'s.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from weirline.policy.action import GRPC_STATUS_MAX, Change, Per
from weirline.policy.facts import Direction
from weirline.policy.fault import (
    BAD_EXCEPTION,
    IMPOSSIBLE,
    NEVER_MATCHES,
    NO_ACTOR,
    SHAPE,
    UNDEFINED,
    UNVERIFIED,
    Path,
    nearest,
)
from weirline.policy.meet import can_hold
from weirline.policy.policy import ExceptionRule, Policy, Require, Rule, TokenRule
from weirline.policy.requirement import param_places
from weirline.policy.selector import Condition, Selector

Wrong = tuple[str, Path, str]

_SOURCES = ("path_param", "query_param", "header", "claim")
ON_REQUESTS = Condition(direction=Direction.REQUEST)


def rule_faults(rule: Rule, policy: Policy) -> Iterator[Wrong]:
    """Yield what is wrong with one rule, apart from its names and masks."""
    selectors = policy.selectors
    both = None if rule.when is None else Condition(all=(rule.when, ON_REQUESTS))
    on_requests = both is None or can_hold(both, selectors)
    if rule.find is None and not on_requests:
        yield IMPOSSIBLE, ("when",), "a rule without `find` decides about requests: add `find`"
    if rule.require is not None:
        if rule.find is not None:
            yield IMPOSSIBLE, ("require",), "put this into a rule of its own, without `find`"
        yield from _requirement(rule, rule.require, policy)
    if rule.unless is not None and asks_claim(rule.unless, selectors) and not verifies(policy):
        yield UNVERIFIED, ("unless",), UNVERIFIED_MEND
    if rule.when is not None and asks_claim(rule.when, selectors) and policy.defaults.token is None:
        yield UNDEFINED, ("when",), "no token to read claims from: add `defaults.token`"
    for index, action in enumerate(rule.do):
        if isinstance(action, Change):
            for code, path, mend in _action(rule, action, policy, on_requests=on_requests):
                yield code, ("do", index, *path), mend


UNVERIFIED_MEND = (
    "a claim of a token that nobody verified may not relax anything: name keys in "
    "`defaults.token.jwt.verify`"
)


def _action(rule: Rule, action: Change, policy: Policy, *, on_requests: bool) -> Iterator[Wrong]:
    if action.redact is not None:
        written = action.redact
        given = [name for name in written.__struct_fields__ if getattr(written, name) is not None]
        if len(given) != 1:
            mend = "exactly one of `mask`, `replace`, `hash`, `remove`"
            yield SHAPE, ("redact",), mend
        if rule.find is None:
            yield IMPOSSIBLE, ("redact",), "nothing to redact: say what to `find`"
    if action.tokenise is not None and rule.find is None:
        yield IMPOSSIBLE, ("tokenise",), "nothing to tokenise: say what to `find`"
    if action.block is not None and not 1 <= action.block.grpc_status <= GRPC_STATUS_MAX:
        mend = f"a status from 1 to {GRPC_STATUS_MAX}, such as 7 (PERMISSION_DENIED)"
        yield IMPOSSIBLE, ("block", "grpc_status"), mend
    if action.rate_limit is not None:
        if rule.find is not None:
            mend = "requests are limited before their bodies come: put this into a rule without "
            yield IMPOSSIBLE, ("rate_limit",), mend + "`find`"
        if action.rate_limit.by is Per.TOKEN and policy.defaults.token is None:
            mend = "no token to tell requests apart by: add `defaults.token`, or `by: address`"
            yield NO_ACTOR, ("rate_limit",), mend
    if action.tag_header is not None and not on_requests:
        yield IMPOSSIBLE, ("tag_header",), "tags go to the service, on requests alone"


def _requirement(rule: Rule, require: Require, policy: Policy) -> Iterator[Wrong]:
    sources = [name for name in _SOURCES if getattr(require, name) is not None]
    if len(sources) != 1:
        mend = "exactly one of `path_param`, `query_param`, `header`, `claim`"
        yield SHAPE, ("require",), mend
    if (require.equals_claim is None) == (require.equals is None):
        yield SHAPE, ("require",), "exactly one of `equals_claim`, `equals`"
    if require.path_param is not None and not param_places(
        require.path_param, rule.when, policy.selectors
    ):
        mend = "no path template of this rule's `when` has a segment of this name in braces"
        yield UNDEFINED, ("require", "path_param"), mend
    if (require.equals_claim is not None or require.claim is not None) and not verifies(policy):
        yield UNVERIFIED, ("require",), UNVERIFIED_MEND


def token_faults(token: TokenRule | None) -> Iterator[Wrong]:
    """Yield what is wrong with where the token is said to stand."""
    if token is not None and (token.header is None) == (token.cookie is None):
        yield SHAPE, ("defaults", "token"), "exactly one of `header`, `cookie`"


def exception_faults(exception: ExceptionRule, policy: Policy, *, today: str) -> Iterator[Wrong]:
    """Yield what is wrong with one exception; `today` is YYYY-MM-DD, empty where none is past."""
    named = {rule.id: rule for rule in policy.rules}
    rule = named.get(exception.rule)
    if rule is None:
        mend = f"no rule of this id{nearest(exception.rule, list(named))}"
        yield UNDEFINED, ("rule",), mend
    for field in ("reason", "owner", "until"):
        if not getattr(exception, field):
            yield BAD_EXCEPTION, (field,), f"an exception says its `{field}`: add it"
    if exception.until and not _is_date(exception.until):
        yield BAD_EXCEPTION, ("until",), "a date such as 2030-01-31"
    elif exception.until and today and exception.until < today:
        yield BAD_EXCEPTION, ("until",), "this date is past: remove the exception or renew it"
    if asks_claim(exception.when, policy.selectors) and not verifies(policy):
        yield UNVERIFIED, ("when",), UNVERIFIED_MEND
    if (
        rule is not None
        and rule.when is not None
        and can_hold(rule.when, policy.selectors)
        and not can_hold(Condition(all=(rule.when, exception.when)), policy.selectors)
    ):
        yield NEVER_MATCHES, ("when",), "this never meets a message the rule looks at"


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def verifies(policy: Policy) -> bool:
    """Say whether the policy has tokens verified."""
    token = policy.defaults.token
    return token is not None and token.jwt is not None and token.jwt.verify is not None


def asks_claim(written: str | Selector, selectors: Mapping[str, Selector]) -> bool:
    """Say whether a condition asks for a claim, itself or in a part."""
    if isinstance(written, str):
        named = selectors.get(written)
        return named is not None and asks_claim(named, selectors)
    if written.claim:
        return True
    if not isinstance(written, Condition):
        return False
    parts = (*(written.all or ()), *(written.any or ()))
    return any(asks_claim(part, selectors) for part in parts)
