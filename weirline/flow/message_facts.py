"""Reads what selectors and the choice of body mode need out of headers and attributes.

Envoy sends names in lower case and values as raw bytes, perhaps not UTF-8 (CVE-free reading means
never failing on them), so text is decoded as Latin-1: one character a byte, no error possible.
Source: RFC 9110 sections 5.6.2, 6.6, 8.3, 8.4; RFC 9113 section 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from weirline.body.content import UNKNOWN, ContentHint, hint_of
from weirline.flow.events import Header
from weirline.flow.field_names import FieldNames
from weirline.policy.facts import Direction, Facts

_SWITCHING_PROTOCOLS = 101
_BODILESS_STATUS = (204, 304)
_STATUSES = {b"%d" % code: code for code in range(200, 600)}
_GRPC = "application/grpc"
_WEBSOCKET = b"websocket"
_UTF_8 = (b"charset=utf-8", b'charset="utf-8"')
_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE


class MessageFacts(msgspec.Struct, frozen=True, gc=False):
    """What the headers of one message say about it.

    `status` is 0 on requests; `method`, `target` and `host` are empty on responses.
    `content_length` is None where the length is unknown. `encoding` is the content-encoding, empty
    where the body stands in the clear. `websocket` says that the other protocol is, or is to be,
    WebSocket. `message_encoding` is how single messages of a gRPC or Connect stream may be packed.
    `content` says how to read the body where a charset is named that could matter.
    """

    method: str
    target: str
    host: str
    status: int
    content_type: str
    content_length: int | None
    encoding: bytes
    upgrade: bool
    announces_trailers: bool
    websocket: bool = False
    message_encoding: bytes = b""
    content: ContentHint = UNKNOWN


def read_message(headers: Sequence[Header], names: FieldNames | None = None) -> MessageFacts:
    """Read one message's headers. Never fails: what cannot be read counts as absent.

    `names` is what `names_of(headers)` returned, where the caller has it already.
    """
    if names is not None and names.usual:
        return _read_usual(headers, names)
    seen = dict(headers)
    if len(seen) < len(headers):
        seen = _joined(headers)
    get = seen.get
    content_type = media_type(get(b"content-type", b""))
    method = target = host = ""
    status = 0
    if (code := get(b":status")) is not None:
        status = _number(code) or 0
    else:
        method = get(b":method", b"").decode("latin-1")
        target = get(b":path", b"").decode("latin-1")
        host = host_name((get(b":authority") or get(b"host", b"")).decode("latin-1"))
    connection = get(b"connection")
    length = get(b"content-length")
    tunnel = _is_tunnel(method, status, connection)
    return MessageFacts(
        method,
        target,
        host,
        status,
        content_type,
        None if length is None else _number(length),
        get(b"content-encoding", b""),
        tunnel,
        b"trailer" in seen or content_type.startswith(_GRPC),
        tunnel and _WEBSOCKET in (get(b"upgrade", b"").lower(), get(b":protocol")),
        get(b"grpc-encoding") or get(b"connect-content-encoding", b""),
        _content(get(b"content-type", b"")),
    )


def _read_usual(headers: Sequence[Header], names: FieldNames) -> MessageFacts:
    """The same for the fields that nearly every message has, each at a place that is known."""
    method = target = host = ""
    status = 0
    if names.status_at >= 0:
        code = headers[names.status_at][1]
        status = _STATUSES.get(code) or _number(code) or 0
    else:
        if names.method_at >= 0:
            method = headers[names.method_at][1].decode("latin-1")
        if names.path >= 0:
            target = headers[names.path][1].decode("latin-1")
        if names.host_at >= 0:
            host = host_name(headers[names.host_at][1].decode("latin-1"))
    media, content, framed = _media(headers[names.type_at][1] if names.type_at >= 0 else b"")
    return MessageFacts(
        method,
        target,
        host,
        status,
        media,
        _number(headers[names.length_at][1]) if names.length_at >= 0 else None,
        b"",
        status == _SWITCHING_PROTOCOLS or method == "CONNECT",
        framed,
        False,
        b"",
        content,
    )


@lru_cache(maxsize=512)
def _media(value: bytes) -> tuple[str, ContentHint, bool]:
    """The media type, what it says of the charset, and whether gRPC's trailers follow."""
    media = media_type(value)
    return media, _content(value), media.startswith(_GRPC)


def _content(content_type: bytes) -> ContentHint:
    """Return what `content_type` says of the charset; UTF-8 is read without being told."""
    lowered = content_type.lower()
    if b"charset" not in lowered or lowered.endswith(_UTF_8):
        return UNKNOWN
    return hint_of(content_type.decode("latin-1"))


def never_has_body(message: MessageFacts, facts: Facts) -> bool:
    """Whether a message has no body whatever its headers say (RFC 9110 section 6.4.1)."""
    if facts.direction is _REQUEST:
        return False
    return facts.method == "HEAD" or message.status in _BODILESS_STATUS


def request_facts(message: MessageFacts) -> Facts:
    """Facts of a request for the policy."""
    return Facts(
        direction=_REQUEST,
        method=message.method,
        host=message.host,
        path=message.target.partition("?")[0],
        content_type=message.content_type,
    )


def response_facts(message: MessageFacts, request: Facts) -> Facts:
    """Facts of a response: whose request it answers, and its own content type."""
    return Facts(
        direction=_RESPONSE,
        method=request.method,
        host=request.host,
        path=request.path,
        content_type=message.content_type,
        who=request.who,
    )


def attribute_facts(attributes: Mapping[str, str]) -> Facts:
    """Facts of the request from Envoy's attributes, where no request headers were sent to us."""
    return Facts(
        direction=_REQUEST,
        method=attributes.get("request.method", ""),
        host=host_name(attributes.get("request.host", "")),
        path=attributes.get("request.path", "").partition("?")[0],
    )


def _is_tunnel(method: str, status: int, connection: bytes | None) -> bool:
    """Whether what follows is another protocol: asked for by a request, granted by 101 alone.

    A server may name protocols it could switch to in any response (RFC 9110 section 7.8).
    """
    if status:
        return status == _SWITCHING_PROTOCOLS
    return method == "CONNECT" or (connection is not None and b"upgrade" in connection.lower())


def _joined(headers: Sequence[Header]) -> dict[bytes, bytes]:
    """Fields of one name as one list, as RFC 9110 section 5.3 joins them."""
    seen: dict[bytes, bytes] = {}
    for name, value in headers:
        seen[name] = seen[name] + b"," + value if name in seen else value
    return seen


@lru_cache(maxsize=512)
def media_type(value: bytes) -> str:
    """The media type without parameters, lower case."""
    return value.partition(b";")[0].strip().lower().decode("latin-1")


def host_name(authority: str) -> str:
    """The host of an authority, lower case, without port; brackets of IPv6 stay."""
    host = authority.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]" if "]" in host else host
    return host.partition(":")[0]


def _number(value: bytes) -> int | None:
    return int(value) if value.isdigit() and len(value) < 19 else None
