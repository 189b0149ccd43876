"""ext_proc messages to flow events, and flow effects to ext_proc messages; no await, no decision.

What goes the same way each time is serialised once and kept: most exchanges change nothing, so
their answers are prebuilt bytes. Bodies are taken out of the message without another copy.
Source: envoy/service/ext_proc/v3/external_processor.proto.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import overload

from google.protobuf.message import DecodeError

from extproc.envoy_api.messages import (
    BodyResponse,
    HeaderMap,
    HeaderMutation,
    HeadersResponse,
    HttpHeaders,
    ProcessingRequest,
    ProcessingResponse,
    Value,
)
from extproc.envoy_api.plain_request import NO_MODES, PlainRequest
from weirline.errors import PeerProtocolError
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    Effect,
    HeaderChange,
    ModeOverride,
    Refuse,
)
from weirline.flow.events import Body, BodyMode, Configured, Event, Header, Headers, Trailers
from weirline.policy.facts import Direction

ATTRIBUTES_KEY = "envoy.filters.http.ext_proc"

# BodySendMode and HeaderSendMode of processing_mode.proto.
_BODY_MODES = {
    0: BodyMode.NONE,
    1: BodyMode.STREAMED,
    2: BodyMode.BUFFERED,
    3: BodyMode.BUFFERED_PARTIAL,
    4: BodyMode.FULL_DUPLEX,
    5: BodyMode.GRPC,
}
_BODY_MODE_NUMBERS = {mode: number for number, mode in _BODY_MODES.items()}
_SEND = 1
# Field numbers of ProcessingRequest's oneof; the rest of it are trailers.
_HEADERS = (2, 3)
_WITHOUT_WAITING = 1 << 8
_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
_UNSUPPORTED = frozenset((BodyMode.FULL_DUPLEX, BodyMode.GRPC))


class UnsupportedMode(PeerProtocolError):
    """Envoy is set up with a body mode this version does not speak."""


class Attributes(Mapping[str, str]):
    """Envoy's attributes, read only where one is asked for; any may be missing."""

    __slots__ = ("_message",)

    def __init__(self, message: ProcessingRequest | bytes) -> None:
        """`message` may be its bytes, which are parsed when an attribute is asked for."""
        self._message = message

    def __getitem__(self, name: str) -> str:
        fields = self._fields()
        if name not in fields or fields[name].WhichOneof("kind") != "string_value":
            raise KeyError(name)
        return fields[name].string_value

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())

    def _fields(self) -> Mapping[str, Value]:
        if isinstance(self._message, bytes):
            self._message = parse(self._message)
        attributes = self._message.attributes
        return attributes[ATTRIBUTES_KEY].fields if ATTRIBUTES_KEY in attributes else {}


_NO_ATTRIBUTES: Mapping[str, str] = {}


def parse(raw: bytes) -> ProcessingRequest:
    """Return the message that `raw` is. Raises PeerProtocolError for what is none."""
    try:
        return ProcessingRequest.FromString(raw)
    except DecodeError as error:
        raise PeerProtocolError("not a ProcessingRequest") from error


def plain_event(plain: PlainRequest, raw: bytes) -> Event:
    """Return what a plain request reports; `raw` is the message it was read from."""
    arm, end_of_stream, content, _, has_attributes = plain
    direction = _RESPONSE if arm & 1 else _REQUEST
    attributes = Attributes(raw) if has_attributes else _NO_ATTRIBUTES
    if isinstance(content, bytes):
        return Body(direction, content, end_of_stream, attributes)
    if arm in _HEADERS:
        return Headers(direction, content, end_of_stream, attributes)
    return Trailers(direction, content, attributes)


@lru_cache(maxsize=64)
def plain_configured(modes: int) -> Configured | None:
    """Return the body modes of a plain request, as `read_configured`."""
    if modes == NO_MODES:
        return None
    request, response = _supported(modes & 15), _supported(modes >> 4 & 15)
    return Configured(request, response, heeds_overrides=not modes & _WITHOUT_WAITING)


def read_configured(message: ProcessingRequest) -> Configured | None:
    """Return the body modes Envoy says it is set up with, None if it does not say.

    Raises UnsupportedMode for modes this version does not speak, known or not.
    """
    if not message.HasField("protocol_config"):
        return None
    config = message.protocol_config
    request = _supported(config.request_body_mode)
    response = _supported(config.response_body_mode)
    heeds_overrides = not (
        message.observability_mode or config.send_body_without_waiting_for_header_response
    )
    return Configured(request, response, heeds_overrides)


def read_event(message: ProcessingRequest) -> Event | None:
    """Return what a message reports, None for one that reports nothing (only window updates)."""
    match message.WhichOneof("request"):
        case "request_headers":
            return _headers(Direction.REQUEST, message.request_headers, message)
        case "response_headers":
            return _headers(Direction.RESPONSE, message.response_headers, message)
        case "request_body":
            body = message.request_body
            attributes = Attributes(message)
            return Body(Direction.REQUEST, body.body, body.end_of_stream, attributes)
        case "response_body":
            body = message.response_body
            attributes = Attributes(message)
            return Body(Direction.RESPONSE, body.body, body.end_of_stream, attributes)
        case "request_trailers":
            fields = Fields(message.request_trailers.trailers)
            return Trailers(Direction.REQUEST, fields, Attributes(message))
        case "response_trailers":
            fields = Fields(message.response_trailers.trailers)
            return Trailers(Direction.RESPONSE, fields, Attributes(message))
        case _:
            return None


def write_effect(effect: Effect) -> bytes:
    """Return the serialised ProcessingResponse that carries out one effect."""
    match effect:
        case AnswerHeaders(change=None):
            return _plain_headers(effect.direction, effect.override)
        case AnswerBody(body=None, change=None):
            return _PLAIN_BODY[effect.direction]
        case AnswerTrailers(change=None):
            return _PLAIN_TRAILERS[effect.direction]
        case AnswerHeaders():
            return _changed_headers(effect)
        case AnswerBody():
            return _changed_body(effect)
        case AnswerTrailers():
            return _changed_trailers(effect)
        case Refuse():
            return _refusal(effect)


def _supported(number: int) -> BodyMode:
    mode = _BODY_MODES.get(number)
    if mode is None or mode in _UNSUPPORTED:
        raise UnsupportedMode("body mode not supported")
    return mode


def _headers(direction: Direction, headers: HttpHeaders, message: ProcessingRequest) -> Headers:
    fields = Fields(headers.headers)
    return Headers(direction, fields, headers.end_of_stream, Attributes(message))


class Fields(Sequence[Header]):
    """Header fields, taken out of their message when first looked at: many never are."""

    __slots__ = ("_fields", "_map")

    def __init__(self, header_map: HeaderMap) -> None:
        self._map = header_map
        self._fields: list[Header] | None = None

    @overload
    def __getitem__(self, index: int) -> Header: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Header]: ...
    def __getitem__(self, index: int | slice) -> Header | Sequence[Header]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Header]:
        return iter(self._all())

    def _all(self) -> list[Header]:
        if self._fields is None:
            # Envoy fills raw_value; the text `value` is what other clients may use.
            self._fields = [
                (header.key.encode(), header.raw_value or header.value.encode())
                for header in self._map.headers
            ]
        return self._fields


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
