"""Makes the reader that a body's wrappings ask for: the coding outside, the format inside."""

from __future__ import annotations

from weirline.body.body_format import BodyFormat
from weirline.body.encoding import RATIO
from weirline.body.schema import Layout
from weirline.errors import Unreadable
from weirline.flow.body_choice import BodyChoice
from weirline.flow.body_reader import BodyReader, PlainBody
from weirline.flow.encoded_body import EncodedBody, Handling
from weirline.flow.event_body import EventBody
from weirline.flow.grpc_body import Base64Body, GrpcBody
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.protobuf_body import ProtobufBody
from weirline.flow.report import Unscanned
from weirline.flow.websocket_body import WebSocketBody
from weirline.policy.facts import Direction, Facts
from weirline.policy.scope import Scope
from weirline.scan import FlowScanner

_REASONS = {RATIO: Unscanned.INFLATED, "frame": Unscanned.FRAME, "encoding": Unscanned.ENCODING}


def reason_of(error: Unreadable) -> Unscanned:
    """Return what an unreadable body is counted as."""
    return _REASONS.get(error.why, Unscanned.BROKEN)


def make_reader(
    choice: BodyChoice,
    judge: Judge,
    *,
    scanner: FlowScanner,
    limits: Limits,
    scope: Scope,
    text_limit: int,
    facts: Facts,
) -> BodyReader:
    """Return a reader for one body whose headers led to `choice`.

    `facts` say which method is called, so that a descriptor may tell what its messages hold.
    """
    known = limits.schemas
    layouts = known.requests if facts.direction is Direction.REQUEST else known.responses
    inner = _format_reader(choice, judge, scanner, limits, layouts.get(facts.path))
    if not choice.codings:
        return inner
    return EncodedBody(
        choice.codings,
        inner,
        judge,
        handling=Handling.REPACK if scope.enforces else Handling.READ,
        text_limit=text_limit,
        max_ratio=limits.max_inflate_ratio,
    )


def _format_reader(
    choice: BodyChoice,
    judge: Judge,
    scanner: FlowScanner,
    limits: Limits,
    layout: Layout | None,
) -> BodyReader:
    codings = choice.message_codings
    match choice.format:
        case BodyFormat.GRPC | BodyFormat.GRPC_WEB | BodyFormat.CONNECT:
            return GrpcBody(scanner, limits, judge, codings=codings, layout=layout)
        case BodyFormat.GRPC_WEB_TEXT:
            return Base64Body(GrpcBody(scanner, limits, judge, codings=codings, layout=layout))
        case BodyFormat.EVENTS | BodyFormat.LINES:
            return EventBody(scanner, limits, judge, format_=choice.format)
        case BodyFormat.PROTOBUF:
            return ProtobufBody(scanner, limits, judge, layout=layout)
        case BodyFormat.WEBSOCKET:
            return WebSocketBody(scanner, limits, judge)
        case BodyFormat.TEXT:
            return PlainBody(scanner, limits, judge)
