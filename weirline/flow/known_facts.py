"""What is known of one exchange for the policy's selectors: of the request, and of who talks.

Envoy may send request headers, or attributes alone, or neither; the first message that knows more
than nothing is kept for the response.
"""

from __future__ import annotations

import msgspec

from weirline.flow.events import Body, Event, Headers, Trailers
from weirline.flow.message_facts import (
    MessageFacts,
    attribute_facts,
    request_facts,
    response_facts,
)
from weirline.flow.report import FlowReport
from weirline.flow.window_watch import WindowWatch
from weirline.flow.witness import Witness
from weirline.policy.evaluate import CompiledPolicy
from weirline.policy.facts import Direction, Facts

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE


class KnownFacts:
    """The facts of one exchange. Mutable: it keeps those of the request. Owned by one flow."""

    __slots__ = ("_policy", "_request", "_watch", "_witness")

    def __init__(self, policy: CompiledPolicy, witness: Witness) -> None:
        self._policy = policy
        self._witness = witness
        self._request: Facts | None = None
        self._watch: WindowWatch | None = None

    def of_request(self, read: MessageFacts, event: Headers) -> Facts:
        """Return the facts of a request whose headers are here."""
        self._request = self._with_parties(request_facts(read), event)
        return self._request

    def of_response(self, read: MessageFacts, event: Headers) -> Facts:
        """Return the facts of a response whose headers are here."""
        request = self._request
        if request is None:
            request = self._with_parties(attribute_facts(event.attributes), event)
        return response_facts(read, request)

    def without_headers(self, direction: Direction, event: Body | Trailers) -> Facts:
        """Return the facts of a message whose headers Envoy keeps from us."""
        request = self._request
        if request is None:
            request = self._with_parties(attribute_facts(event.attributes), event)
        if direction is _REQUEST:
            self._request = request
            return request
        return Facts(_RESPONSE, request.method, request.host, request.path, who=request.who)

    def window_watch(self, report: FlowReport) -> WindowWatch:
        """Return the one watch of this exchange, for a policy that has windows."""
        if self._watch is None:
            self._watch = WindowWatch(self._witness, report)
        return self._watch

    def _with_parties(self, facts: Facts, event: Event) -> Facts:
        """The facts with who talks, where the policy asks that."""
        if not self._policy.asks_who:
            return facts
        who = self._witness.who(event, self._policy.token)
        return msgspec.structs.replace(facts, who=who)
