"""Envoy's body mode GRPC, which clients of gRPC speak that need no proxy: a message at a time.

What comes is one gRPC message without its frame, and so is what goes back. Here the frame is put on
and taken off again, so that one reader serves every way of sending gRPC. A message is answered by
one message, never in parts; a half-close without a message is answered by the same.
Source: envoy/extensions/filters/http/ext_proc/v3/processing_mode.proto (BodySendMode.GRPC);
envoy/service/ext_proc/v3/external_processor.proto; gRPC proposal A93.
"""

from __future__ import annotations

from collections.abc import Callable

from weirline.body.grpc import COMPRESSED, Frame
from weirline.flow.effects import AnswerBody, Effect, StreamBody
from weirline.flow.events import Body
from weirline.flow.message import Message, State

_HEAD_BYTES = 5


def answer_message(
    message: Message, event: Body, read: Callable[[Message, Body], Effect]
) -> Effect:
    """Answer one message by what `read` says to its frame, or an end without one."""
    way, last = event.direction, event.end_of_stream
    if event.without_message:
        message.state = State.DONE
        return StreamBody(way, b"", end_of_stream=True, without_message=True, message=True)
    message.state = State.CHUNKS
    frame = Frame(COMPRESSED if event.compressed else 0, event.body)
    effect = read(message, Body(way, frame.wire(), last, event.attributes))
    if message.state is State.CHUNKS:
        message.state = State.MESSAGES
    if not isinstance(effect, AnswerBody):
        return effect
    body = event.body if effect.body is None else effect.body[_HEAD_BYTES:]
    return StreamBody(way, body, last, message=True, compressed=event.compressed)
