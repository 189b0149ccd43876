"""What a flow needs to know that no message says: who talks, and whether a limit is used up.

Both need a clock and keys, so the shell answers; a flow asks only where its policy does. Without a
witness nobody is known and nothing is limited: rules can then only be stricter.
"""

from __future__ import annotations

from typing import Protocol

from weirline.flow.events import Body, Headers, Trailers
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.facts import Facts
from weirline.policy.gate import Meter
from weirline.policy.limit import RateLimit
from weirline.policy.policy import TokenRule
from weirline.policy.who import NOBODY, Who
from weirline.window.sliding import CALM, Standing


class Witness(Meter, Protocol):
    """Says who talks and keeps count of limited requests; one for all flows of a process."""

    def who(self, event: Headers | Body | Trailers, token: TokenRule | None) -> Who:
        """Return who talks, by the first message of a request or of its response."""
        ...


class NoWitness:
    """Knows nobody and limits nothing."""

    def who(self, event: Headers | Body | Trailers, token: TokenRule | None) -> Who:
        """Return nobody, with what a request says of itself."""
        del token
        return Who(headers=tuple(event.headers)) if isinstance(event, Headers) else NOBODY

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        """Return 0: no limit is ever used up."""
        del rule, key, limit
        return 0

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        """Return False: no actor is known who could go over."""
        del sighting, facts
        return False

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        """Return that all is calm."""
        del window, facts
        return CALM


NO_WITNESS = NoWitness()
