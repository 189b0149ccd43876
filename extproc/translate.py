"""ext_proc messages to flow events; no await, no decision.

Bodies are taken out of the message without another copy; `effect_writer` is the way back.
Source: envoy/service/ext_proc/v3/external_processor.proto.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import overload

from google.protobuf.message import DecodeError

from extproc.envoy_api.messages import (
    HeaderMap,
    HttpBody,
    HttpHeaders,
    ProcessingRequest,
    Value,
)
from extproc.envoy_api.plain_request import NO_MODES, PlainRequest
from weirline.errors import PeerProtocolError
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
# Field numbers of ProcessingRequest's oneof; the rest of it are trailers.
_HEADERS = (2, 3)
_WITHOUT_WAITING = 1 << 8
_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
# One that is set up with them takes no other mode from us.
_FIXED = frozenset((BodyMode.FULL_DUPLEX, BodyMode.GRPC))


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
    heeds = not modes & _WITHOUT_WAITING and _FIXED.isdisjoint((request, response))
    return Configured(request, response, heeds_overrides=heeds)


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
        message.observability_mode
        or config.send_body_without_waiting_for_header_response
        or not _FIXED.isdisjoint((request, response))
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
            return _body(Direction.REQUEST, message.request_body, message)
        case "response_body":
            return _body(Direction.RESPONSE, message.response_body, message)
        case "request_trailers":
            fields = Fields(message.request_trailers.trailers)
            return Trailers(Direction.REQUEST, fields, Attributes(message))
        case "response_trailers":
            fields = Fields(message.response_trailers.trailers)
            return Trailers(Direction.RESPONSE, fields, Attributes(message))
        case _:
            return None


def _supported(number: int) -> BodyMode:
    mode = _BODY_MODES.get(number)
    if mode is None:
        raise UnsupportedMode("body mode not supported")
    return mode


def _headers(direction: Direction, headers: HttpHeaders, message: ProcessingRequest) -> Headers:
    fields = Fields(headers.headers)
    return Headers(direction, fields, headers.end_of_stream, Attributes(message))


def _body(direction: Direction, body: HttpBody, message: ProcessingRequest) -> Body:
    """A body, or a message in GRPC: what only that mode says is never in a plain request."""
    return Body(
        direction,
        body.body,
        body.end_of_stream or body.end_of_stream_without_message,
        Attributes(message),
        body.grpc_message_compressed,
        body.end_of_stream_without_message,
    )


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
