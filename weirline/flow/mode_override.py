"""Which body modes to ask Envoy for in the answer to headers.

While Envoy waits for our answer to response headers it buffers by the mode in force, and a fast
service overfills its buffer: so the answer to request headers always puts NONE in force for the
response, and the answer to response headers picks what that response needs. Envoy reads an unset
mode as NONE, so both are always given. Trailers are asked for wherever a rule looks at the message.
"""

from __future__ import annotations

from weirline.flow.effects import ModeOverride
from weirline.flow.events import BodyMode
from weirline.flow.message import Message, State
from weirline.policy.facts import Direction

# By way of the class each costs a tenth of a microsecond.
_REQUEST, _NONE, _DONE = Direction.REQUEST, BodyMode.NONE, State.DONE


def override_for(message: Message, request: Message, response: Message) -> ModeOverride | None:
    """Return the override for the answer to the headers of `message`, one of the two others.

    None where Envoy would do the same without. What is returned counts as in force from here on.
    """
    if message.direction is _REQUEST:
        response.asked = _NONE
    trailers = message.scope.reads and message.state is not _DONE and not message.tunnel
    same = request.asked is request.in_force and response.asked is response.in_force
    if same and not trailers:
        return None
    request.in_force, response.in_force = request.asked, response.asked
    return ModeOverride(
        request.asked,
        response.asked,
        request_trailers=trailers and message is request,
        response_trailers=trailers and message is response,
    )
