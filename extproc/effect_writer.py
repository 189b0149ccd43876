"""Flow effects to ext_proc messages: what goes the same way each time is serialised once and kept.

Most exchanges change nothing, so their answers are prebuilt bytes. In FULL_DUPLEX an answer is cut
into pieces that every peer takes.
Source: envoy/service/ext_proc/v3/external_processor.proto.
"""

from __future__ import annotations

from functools import lru_cache

from extproc.envoy_api.messages import (
    BodyResponse,
    HeaderMutation,
    HeadersResponse,
    ProcessingResponse,
)
from extproc.exchange import Waiting
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    Effect,
    HeaderChange,
    ModeOverride,
    Refuse,
    Several,
    StreamBody,
)
from weirline.flow.events import BodyMode
from weirline.policy.facts import Direction

# BodySendMode of processing_mode.proto.
_BODY_MODE_NUMBERS = {
    BodyMode.NONE: 0,
    BodyMode.STREAMED: 1,
    BodyMode.BUFFERED: 2,
    BodyMode.BUFFERED_PARTIAL: 3,
    BodyMode.FULL_DUPLEX: 4,
    BodyMode.GRPC: 5,
}
_SEND = 1  # of HeaderSendMode
MOST_STREAMED_BYTES = 64 << 10  # in one answer in FULL_DUPLEX; peers fail on larger ones


def write_effect(effect: Effect) -> bytes | tuple[bytes, ...]:
    """Return the serialised ProcessingResponse that carries out one effect, or several in order."""
    match effect:
        case AnswerHeaders():
            if effect.change is None:
                return _plain_headers(effect.direction, effect.override)
            return _changed_headers(effect)
        case AnswerBody():
            if effect.body is None and effect.change is None:
                return _PLAIN_BODY[effect.direction]
            return _changed_body(effect)
        case AnswerTrailers():
            if effect.change is None:
                return _PLAIN_TRAILERS[effect.direction]
            return _changed_trailers(effect)
        case Refuse():
            return _refusal(effect)
        case StreamBody():
            return _streamed(effect)
        case Several():
            return tuple(part for each in effect.effects for part in _parts(write_effect(each)))


def _parts(answer: bytes | tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (answer,) if isinstance(answer, bytes) else answer


@lru_cache(maxsize=256)
def _plain_headers(direction: Direction, override: ModeOverride | None) -> bytes:
    response = ProcessingResponse()
    _of_headers(response, direction).response.SetInParent()
    _set_override(response, override)
    return response.SerializeToString()


def _changed_headers(effect: AnswerHeaders) -> bytes:
    response = ProcessingResponse()
    common = _of_headers(response, effect.direction).response
    _set_change(common.header_mutation, effect.change)
    _set_override(response, effect.override)
    return response.SerializeToString()


def _changed_body(effect: AnswerBody) -> bytes:
    response = ProcessingResponse()
    common = _of_body(response, effect.direction).response
    _set_change(common.header_mutation, effect.change)
    if effect.body is not None:
        # An empty replacement is not the same as none: only clear_body takes all bytes away.
        if effect.body:
            common.body_mutation.body = effect.body
        else:
            common.body_mutation.clear_body = True
    return response.SerializeToString()


def _streamed(effect: StreamBody) -> bytes | tuple[bytes, ...]:
    body = effect.body
    if effect.message or len(body) <= MOST_STREAMED_BYTES:
        one = _one_streamed(effect, body, last=True)
        return Waiting((one,)) if effect.waits else one
    starts = range(0, len(body), MOST_STREAMED_BYTES)
    parts = tuple(
        _one_streamed(effect, body[at : at + MOST_STREAMED_BYTES], last=at == starts[-1])
        for at in starts
    )
    return Waiting(parts) if effect.waits else parts


def _one_streamed(effect: StreamBody, body: bytes, *, last: bool) -> bytes:
    response = ProcessingResponse()
    mutation = _of_body(response, effect.direction).response.body_mutation
    streamed = mutation.streamed_response
    streamed.SetInParent()
    streamed.body = body
    streamed.end_of_stream = effect.end_of_stream and last
    if effect.message:
        streamed.end_of_stream_without_message = effect.without_message
        streamed.grpc_message_compressed = effect.compressed
    return response.SerializeToString()


def _changed_trailers(effect: AnswerTrailers) -> bytes:
    response = ProcessingResponse()
    trailers = (
        response.request_trailers
        if effect.direction is Direction.REQUEST
        else response.response_trailers
    )
    _set_change(trailers.header_mutation, effect.change)
    return response.SerializeToString()


def _refusal(effect: Refuse) -> bytes:
    response = ProcessingResponse()
    immediate = response.immediate_response
    immediate.status.code = effect.block.status
    immediate.body = effect.block.body
    _set_header(immediate.headers, b"content-type", effect.block.content_type.encode("latin-1"))
    for name, value in effect.block.headers:
        _set_header(immediate.headers, name, value)
    if effect.grpc_status is not None:
        immediate.grpc_status.status = effect.grpc_status
    return response.SerializeToString()


def _of_headers(response: ProcessingResponse, direction: Direction) -> HeadersResponse:
    if direction is Direction.REQUEST:
        return response.request_headers
    return response.response_headers


def _of_body(response: ProcessingResponse, direction: Direction) -> BodyResponse:
    if direction is Direction.REQUEST:
        return response.request_body
    return response.response_body


def _set_override(response: ProcessingResponse, override: ModeOverride | None) -> None:
    if override is None:
        return
    mode = response.mode_override
    mode.SetInParent()
    mode.request_body_mode = _BODY_MODE_NUMBERS[override.request_body]
    mode.response_body_mode = _BODY_MODE_NUMBERS[override.response_body]
    if override.request_trailers:
        mode.request_trailer_mode = _SEND
    if override.response_trailers:
        mode.response_trailer_mode = _SEND


def _set_change(mutation: HeaderMutation, change: HeaderChange | None) -> None:
    if change is None:
        return
    mutation.remove_headers.extend(name.decode("latin-1") for name in change.remove)
    seen: set[bytes] = set()
    for name, value in change.set:
        _set_header(mutation, name, value, append=name in seen)
        seen.add(name)


def _set_header(
    mutation: HeaderMutation, name: bytes, value: bytes, *, append: bool = False
) -> None:
    # Envoy reads `append` and not the newer append_action; a second field of a name must append.
    option = mutation.set_headers.add()
    option.header.key = name.decode("latin-1")
    option.header.raw_value = value
    option.append.value = append


def _prebuilt_body(direction: Direction) -> bytes:
    response = ProcessingResponse()
    _of_body(response, direction).response.SetInParent()
    return response.SerializeToString()


def _prebuilt_trailers(direction: Direction) -> bytes:
    response = ProcessingResponse()
    if direction is Direction.REQUEST:
        response.request_trailers.SetInParent()
    else:
        response.response_trailers.SetInParent()
    return response.SerializeToString()


_PLAIN_BODY = {direction: _prebuilt_body(direction) for direction in Direction}
_PLAIN_TRAILERS = {direction: _prebuilt_trailers(direction) for direction in Direction}
