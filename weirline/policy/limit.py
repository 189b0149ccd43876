"""A rate limit in the form that is kept count of, and whom it is kept for."""

from __future__ import annotations

from dataclasses import dataclass

from weirline.policy.action import Per, RateLimitAction
from weirline.policy.facts import Facts
from weirline.policy.who import NOBODY

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `requests` in `period_s` seconds, for each value of `by` apart."""

    requests: int
    period_s: int
    by: Per


def compile_limit(written: RateLimitAction) -> RateLimit:
    """Compile a checked limit."""
    return RateLimit(written.requests, seconds(written.per), written.by)


def seconds(text: str) -> int:
    """Return the seconds that a duration such as `30m` stands for; its form was checked before."""
    return int(text[:-1]) * _SECONDS[text[-1]]


def limit_key(limit: RateLimit, facts: Facts) -> str:
    """Return whom a request counts for; one that says nothing of itself counts for its address."""
    who = facts.who or NOBODY
    match limit.by:
        case Per.TOKEN:
            # A token that nobody verified can be made up anew each time: it counts for the address.
            return who.actor if who.verified and who.actor else who.address
        case Per.ADDRESS:
            return who.address
        case Per.CALLER:
            return who.caller or who.address
        case Per.CALLEE:
            return who.callee or facts.host
        case Per.ENDPOINT:
            # Its path template is what the rule's own selector says; a raw path could evade it.
            return f"{facts.method} {facts.host}"
