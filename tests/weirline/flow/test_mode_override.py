"""Which body modes the answer to headers asks for."""

from __future__ import annotations

from tests.playbook import REDACT_BOTH, policy
from weirline.flow.effects import ModeOverride
from weirline.flow.events import BodyMode
from weirline.flow.message import Message, State, new_message
from weirline.flow.mode_override import override_for
from weirline.policy.facts import Direction, Facts


def pair(
    request: BodyMode = BodyMode.NONE, response: BodyMode = BodyMode.BUFFERED
) -> tuple[Message, Message]:
    return new_message(Direction.REQUEST, request), new_message(Direction.RESPONSE, response)


def test_request_answer_puts_none_in_force_for_the_response() -> None:
    request, response = pair()
    request.state = State.DONE
    assert override_for(request, request, response) == ModeOverride(
        BodyMode.NONE, BodyMode.NONE, request_trailers=False, response_trailers=False
    )


def test_nothing_is_asked_for_that_is_in_force_already() -> None:
    request, response = pair(response=BodyMode.NONE)
    request.state = State.DONE
    assert override_for(request, request, response) is None


def test_response_answer_repeats_the_mode_of_a_running_request() -> None:
    request, response = pair()
    request.asked = request.in_force = BodyMode.STREAMED
    request.state = State.CHUNKS
    response.asked = BodyMode.STREAMED
    response.state = State.CHUNKS
    response.scope = policy(REDACT_BOTH).scope(Facts(Direction.RESPONSE))
    assert override_for(response, request, response) == ModeOverride(
        BodyMode.STREAMED, BodyMode.STREAMED, request_trailers=False, response_trailers=True
    )


def test_trailers_are_asked_for_only_where_a_rule_looks() -> None:
    request, response = pair(response=BodyMode.NONE)
    response.state = State.SKIP
    response.asked = BodyMode.NONE
    assert override_for(response, request, response) is None
    response.scope = policy(REDACT_BOTH).scope(Facts(Direction.RESPONSE))
    override = override_for(response, request, response)
    assert override is not None
    assert override.response_trailers


def test_tunnel_is_asked_for_no_trailers() -> None:
    request, response = pair(response=BodyMode.NONE)
    response.state = State.SKIP
    response.asked = BodyMode.NONE
    response.tunnel = True
    response.scope = policy(REDACT_BOTH).scope(Facts(Direction.RESPONSE))
    assert override_for(response, request, response) is None
