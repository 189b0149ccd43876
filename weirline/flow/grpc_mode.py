"""Envoy's body mode GRPC, which clients of gRPC speak that need no proxy: a message at a time.

What comes is one gRPC message without its frame, and so is what goes back. Here the frame is put on
and taken off again, so that one reader serves every way of sending gRPC. A message is answered by
one message, never in parts; a half-close without a message is answered by the same.
Source: envoy/extensions/filters/http/ext_proc/v3/processing_mode.proto (BodySendMode.GRPC);
envoy/service/ext_proc/v3/external_processor.proto; gRPC proposal A93.
"""

from __future__ import annotations

from weirline.body.grpc import COMPRESSED, Frame
from weirline.flow.effects import AnswerBody, StreamBody
from weirline.flow.events import Body

_HEAD_BYTES = 5


def framed(event: Body) -> Body:
    """Return the event with its message in a frame, as a body holds it."""
    frame = Frame(COMPRESSED if event.compressed else 0, event.body)
    return Body(event.direction, frame.wire(), event.end_of_stream, event.attributes)


def half_closed(event: Body) -> StreamBody:
    """Answer an end that comes without a message."""
    return StreamBody(event.direction, b"", end_of_stream=True, without_message=True, message=True)


def answered(event: Body, answer: AnswerBody) -> StreamBody:
    """Return the answer to `event`, from the one to its frame."""
    body = event.body if answer.body is None else answer.body[_HEAD_BYTES:]
    return StreamBody(
        event.direction,
        body,
        event.end_of_stream,
        message=True,
        compressed=event.compressed,
    )
